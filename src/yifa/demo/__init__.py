"""The demonstration county: fictional, generated from a fixed seed relative to a day."""
