"""From a file to a Document: load, repair, outline, figures, citations, tasks and targets. Pure Python."""
