"""Figures with their records, and the annual report written from them."""
