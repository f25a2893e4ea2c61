"""The report as PDF, in the layout of its Word file."""

from __future__ import annotations

import tempfile
from pathlib import Path

from yifa.papers.pdf import to_pdf
from yifa.reporting import word
from yifa.reporting.models import Report


def write(report: Report, path: Path) -> None:
    """Writes the report to `path` (.pdf). Raises NoOfficeError, ConversionError, WritingError."""
    with tempfile.TemporaryDirectory(prefix="yifa-report-") as folder:
        written = Path(folder) / "report.docx"
        word.write(report, written)
        to_pdf(written, path)
