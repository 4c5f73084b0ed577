"""What happens, in which order, and when."""
