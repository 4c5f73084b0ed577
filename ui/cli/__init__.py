"""The command line, `stocksense`: one file a topic; heavy rooms are loaded by the commands that need them."""
