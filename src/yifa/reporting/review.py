"""The check beside the report: what it finds, and in which section."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from yifa.checking import Finding, Severity, check
from yifa.law.loader import catalogue
from yifa.reading import Document, read_text
from yifa.reading.document import Span
from yifa.reporting.content import Paper, paper
from yifa.reporting.models import Report

EXCERPT = 40
ON_SIGNING = frozenset({"period.early", "period.late"})


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with the sections it lies in. `key` stays the same while the words it is about do."""

    finding: Finding
    key: str
    sections: tuple[
        int, ...
    ]  # ids of Section, in order; empty for title, opening, closing, or the report as a whole
    excerpt: str

    @property
    def rule(self) -> str:
        """Id of the check's rule."""
        return self.finding.rule

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.finding.severity

    @property
    def message(self) -> str:
        """Plain Chinese."""
        return self.finding.message


@dataclass(frozen=True, slots=True)
class Placed:
    """A stretch of the read text and the section it came from."""

    span: Span
    section: int | None


def report_findings(report: Report) -> tuple[Finding, ...]:
    """What the check finds in the report as it would be printed now."""
    content = paper(report)
    return checked(content.text, content.title, catalogue().digest)[1]


def place_findings(report: Report) -> tuple[PlacedFinding, ...]:
    """The findings with their sections."""
    content = paper(report)
    document, findings = checked(content.text, content.title, catalogue().digest)
    places = tuple(_places(content, document.text))
    return tuple(_placed(finding, document, places) for finding in findings)


@lru_cache(maxsize=4)
def checked(text: str, title: str, rules: str) -> tuple[Document, tuple[Finding, ...]]:
    """A text read and checked; a step looks at the same text several times. `rules`: digest of the catalogue."""
    document = read_text(text, title)
    return document, _findings(document)


def _findings(document: Document) -> tuple[Finding, ...]:
    """All findings but those on the day of signing: what is not signed yet bears the day on which it is printed."""
    return tuple(finding for finding in check(document) if finding.rule not in ON_SIGNING)


def read_report(content: Paper) -> Document:
    """The printed text read as any report is read."""
    return read_text(content.text, content.title)


def _places(content: Paper, text: str) -> Iterator[Placed]:
    """Where each printed line stands in the read text; reading may have mended blanks between lines."""
    end = 0
    for line, section in content.lines():
        start = text.find(line, end)
        if start < 0:
            continue
        end = start + len(line)
        yield Placed((start, end), section)


def _placed(finding: Finding, document: Document, places: tuple[Placed, ...]) -> PlacedFinding:
    sections = dict.fromkeys(
        place.section
        for start, end in finding.spans
        for place in places
        if place.section is not None and place.span[0] < end and start < place.span[1]
    )
    words = "…".join(document.text[start:end] for start, end in finding.spans)
    key = hashlib.sha256(f"{finding.rule}\0{words or finding.message}".encode()).hexdigest()
    excerpt = words if len(words) <= EXCERPT else words[:EXCERPT] + "…"
    return PlacedFinding(finding, key, tuple(sections), excerpt)
