"""The yearly plan: imported, assigned, issued, followed."""
