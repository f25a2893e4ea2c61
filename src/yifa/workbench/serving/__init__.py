"""The server: its start, what it sends and what it takes in."""
