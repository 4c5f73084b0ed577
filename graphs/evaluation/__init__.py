"""Measures the buyer on a benchmark shop: which episodes, how they went, and what that says with its uncertainty."""
