"""What the agents learned, kept across runs."""
