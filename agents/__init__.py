"""Who does it: subagents as data, and the model that speaks for them."""
