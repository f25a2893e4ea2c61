"""Who may see and do what on the pages: declared once, asked everywhere."""
