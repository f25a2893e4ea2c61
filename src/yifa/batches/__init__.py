"""One act done on many cases at once: chosen from a list, judged before, each recorded by itself, undone as a whole."""
