"""From a file to a Document: load, repair, outline, figures, citations, tasks and targets. Pure Python."""

from yifa.reading.document import Document
from yifa.reading.errors import ReadingError
from yifa.reading.reader import read, read_bytes, read_text

__all__ = ["Document", "ReadingError", "read", "read_bytes", "read_text"]
