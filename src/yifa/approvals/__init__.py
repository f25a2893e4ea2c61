"""Changes of registers that somebody else approves before they are published."""
