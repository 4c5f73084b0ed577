"""The readers of the outside world."""
