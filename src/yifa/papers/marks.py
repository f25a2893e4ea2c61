"""The words by which a Word file of ours is known again when it comes back."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.opc.exceptions import PackageNotFoundError


def mark_of(content: bytes, kind: str) -> str | None:
    """What `OfficialPaper.mark` wrote, without its kind; None where it is no Word file or bears none of that kind."""
    try:
        found = docx.Document(io.BytesIO(content)).core_properties.identifier or ""
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError):
        return None
    return found.removeprefix(f"{kind}:") if found.startswith(f"{kind}:") else None
