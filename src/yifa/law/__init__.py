"""The law as data: catalogue, working-day calendar, clocks, citations in force. Pure Python."""
