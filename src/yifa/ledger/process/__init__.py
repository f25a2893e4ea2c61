"""What really happened, act by act and deadline by deadline."""
