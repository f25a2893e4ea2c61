"""Independent rules over a Document. No rule guesses: what it cannot decide it leaves alone."""
