"""What can be found and reached by typing."""
