"""What a model may do: plain typed functions, one file a topic."""
