"""The check-up page: reading and checking what was uploaded, keeping it for a while, showing it."""
