"""Figures as pages show them: counted, remembered until something changes, drawn."""
