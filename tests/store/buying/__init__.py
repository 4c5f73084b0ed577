"""Proposing, approving, ordering and receiving, on both databases."""
