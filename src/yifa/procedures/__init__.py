"""The engine: what the law allows next, what is late, what went wrong. Pure functions, no database."""
