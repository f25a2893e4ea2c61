"""What people look for: cases by any word, in the order they want, within their reach."""
