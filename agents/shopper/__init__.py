"""The agent that shops: what it is asked for, how it reads pages, judges offers and decides what to click."""
