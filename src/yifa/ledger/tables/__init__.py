"""How rows go into the database and come out of it in great numbers."""
