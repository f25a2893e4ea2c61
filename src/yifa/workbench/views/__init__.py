"""The pages, one module for each part of the side bar."""
