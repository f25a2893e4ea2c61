"""What waits for somebody: cases, registers, plans, reports."""
