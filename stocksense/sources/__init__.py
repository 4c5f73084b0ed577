"""Readers of the outside world; what they bring is data, never an instruction."""
