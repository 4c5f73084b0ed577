"""Shops to try things on: one generated, one from public sales."""
