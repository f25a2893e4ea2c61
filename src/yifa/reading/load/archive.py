"""Zip files of documents, looked at before anything in them is unpacked."""

from __future__ import annotations

import io
import zipfile

from yifa.reading.load.refusals import damaged, encrypted, swollen

LARGEST_UNPACKED = 256 * 1024 * 1024
LARGEST_PART = 48 * 1024 * 1024  # word/document.xml of 5 million characters is about 40 MB
LARGEST_MARKUP = 128 * 1024 * 1024  # all XML of a file together
MOST_PARTS = 10_000
MARKUP = (".xml", ".rels", ".vml")


def entries(data: bytes, name: str) -> list[zipfile.ZipInfo]:
    """The entries of a zip file; raises ReadingError for a broken, locked or swollen one.

    The sizes are what the directory claims; Python's zip reader stops at them, so a lie ends as damage.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = archive.infolist()
    except (
        zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError, OverflowError, RuntimeError,
    ) as error:  # fmt: skip
        raise damaged(name) from error
    if any(entry.flag_bits & 1 for entry in found):
        raise encrypted(name)
    unpacked = sum(entry.file_size for entry in found)
    parts = [entry.file_size for entry in found if entry.filename.lower().endswith(MARKUP)]
    if (
        unpacked > LARGEST_UNPACKED
        or sum(parts) > LARGEST_MARKUP
        or max(parts, default=0) > LARGEST_PART
        or len(found) > MOST_PARTS
    ):
        raise swollen(name, unpacked)
    return found


def markup_size(found: list[zipfile.ZipInfo]) -> int:
    """Bytes of XML in an archive, unpacked."""
    return sum(entry.file_size for entry in found if entry.filename.lower().endswith(MARKUP))
