"""The ground: the business without any language model."""
