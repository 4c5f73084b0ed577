"""What the chat shows: its brief, the steps of an answer with their sources, cards and plots, and where it is kept."""
