"""The pages: each file is a topic with its `router`, and with its place in the way round (`NAV`)."""
