"""The parts of a Word file (OPC): read singly, so that a broken picture or a missing one does not matter."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from yifa.reading.load.archive import LARGEST_PART

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT = (  # the strict dialect of the standard, and the one everybody writes
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
BROKEN = (
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    RuntimeError,
)


class Package:
    """The parts by name. Names are looked up in the archive only: nothing is ever unpacked to a folder."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = {item.filename.replace("\\", "/"): item for item in self.archive.infolist()}

    def blob(self, name: str) -> bytes:
        """The bytes of a part, at most LARGEST_PART; raises one of BROKEN."""
        with self.archive.open(self.names[name]) as file:
            content = file.read(LARGEST_PART + 1)
        if len(content) > LARGEST_PART:
            raise ValueError(f"part {name} is larger than its directory says")
        return content

    def xml(self, name: str) -> Any:
        """The root of an XML part, without entities, document types or anything from elsewhere."""
        content = self.blob(name)
        for strict, usual in STRICT:
            if strict in content[:4096]:
                content = content.replace(strict, usual)
        return etree.fromstring(content, _parser())

    def xml_or_none(self, name: str | None) -> Any | None:
        """The same for a part the text can do without."""
        if name is None or name not in self.names:
            return None
        try:
            return self.xml(name)
        except BROKEN:
            return None

    def related(self, part: str) -> Iterator[tuple[str, str, str]]:
        """What a part refers to inside the file: id, kind (footnotes, header …), name of the part."""
        folder, file = posixpath.split(part)
        root = self.xml_or_none(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        for item in root if root is not None else ():
            if not isinstance(item.tag, str) or item.get("TargetMode") == "External":
                continue
            target = item.get("Target", "")
            name = posixpath.normpath(target if target.startswith("/") else posixpath.join(folder, target))
            yield item.get("Id", ""), item.get("Type", "").rpartition("/")[2], name.lstrip("/")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
