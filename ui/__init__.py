"""The faces: command line, chat and pages."""
