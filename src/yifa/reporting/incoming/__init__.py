"""Reports of the units below: who owes one, what came in, what was found in it, what goes back."""
