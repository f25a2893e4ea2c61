"""What the first page shows, by role."""
