"""What checks the work: draws, reviews of files, findings that must be put right."""
