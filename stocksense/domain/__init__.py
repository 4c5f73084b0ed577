"""The rules of inventory, in the standard library alone."""
