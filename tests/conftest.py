"""What tests of every room share; pytest finds the files in `tests/shared` by the names below."""

pytest_plugins = ("shared_postgresql", "shared_databases", "shared_models", "shared_corner")
