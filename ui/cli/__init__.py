"""The command line, `stocksense`: one file a topic; `rooms.py` loads heavy rooms for the commands that need them."""
