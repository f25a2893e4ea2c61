"""The internal web pages."""
