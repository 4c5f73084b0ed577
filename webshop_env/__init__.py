"""A simulated shop to buy in; imports nothing else of the project."""
