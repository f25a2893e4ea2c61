"""What a check-up leaves of a file: enough for every face and paper, small enough for ten thousand of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yifa.checking import Finding, evidence_lines
from yifa.checking.excerpt import excerpt
from yifa.checking.finding import Severity
from yifa.reading import Document

PLACES = 5  # kept of one finding
ROOM = 60  # characters on each side of a place
MARKED = 160  # characters of the place itself
HEADING = 24  # characters of a heading
REPAIRS = 20  # kept of one file, beside their number


@dataclass(frozen=True, slots=True)
class Place:
    """The words of a place and those around it."""

    before: str
    marked: str
    after: str

    @property
    def text(self) -> str:
        """The place with its words in brackets."""
        return f"{self.before}【{self.marked}】{self.after}"


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding in words: it needs the text no more."""

    rule: str
    severity: str  # error | warning | notice
    message: str
    section: str  # the headings the first place stands under
    basis: str  # 「《…》第几条」 or nothing
    reasons: tuple[str, ...]  # the sum written out
    places: tuple[Place, ...]
    more: int = 0  # places that are not shown


@dataclass(frozen=True, slots=True)
class Mended:
    """Something reading repaired."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was read and checked."""

    path: str
    sha256: str
    format: str
    kind: str
    kind_reason: str
    title: str | None
    issuer: str | None
    year: int | None
    dated: str | None
    characters: int
    figures: int
    repairs: int
    mended: tuple[Mended, ...]
    findings: tuple[Reported, ...]
    whole: str | None = None  # the contract's object, one line of JSON
    text: str | None = None  # the repaired text

    def tally(self) -> dict[str, int]:
        """The number of findings by severity."""
        counts = Counter(finding.severity for finding in self.findings)
        return {str(severity): counts[severity] for severity in Severity}


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read or checked.

    Beside the codes of reading: timeout (took too long), crashed (brought its process down), memory (needed too
    much), fault (an error of the program).
    """

    path: str
    code: str
    message: str


Result = Checked | Unread


def checked(
    document: Document, findings: Sequence[Finding], whole: str | None = None, *, text: bool = False
) -> Checked:
    """The result for a document and what was found in it."""
    return Checked(
        path=document.source.path,
        sha256=document.source.sha256,
        format=document.source.format,
        kind=document.kind.value,
        kind_reason=document.kind_reason,
        title=document.title,
        issuer=document.issuer,
        year=document.year,
        dated=document.dated.isoformat() if document.dated else None,
        characters=len(document.text),
        figures=len(document.figures),
        repairs=len(document.repairs),
        mended=tuple(
            Mended(repair.kind, _short(repair.before), _short(repair.after))
            for repair in document.repairs[:REPAIRS]
        ),
        findings=tuple(_reported(document, finding) for finding in findings),
        whole=whole,
        text=document.text if text else None,
    )


def _reported(document: Document, finding: Finding) -> Reported:
    basis = finding.basis
    places, more = _places(document.text, finding)
    return Reported(
        rule=finding.rule,
        severity=str(finding.severity),
        message=finding.message,
        section=_section(document, finding),
        basis=f"《{basis.law}》{basis.article or ''}" if basis else "",
        reasons=tuple(dict.fromkeys(evidence_lines(finding))),
        places=places,
        more=more,
    )


def _section(document: Document, finding: Finding) -> str:
    if not finding.spans:
        return ""
    place = min(finding.spans)[0]
    around = (heading for heading in document.headings() if heading.body[0] <= place < heading.body[1])
    return " / ".join(f"{heading.number}{_brief(heading.title)}" for heading in around)


def _brief(title: str) -> str:
    return title if len(title) <= HEADING else f"{title[:HEADING]}…"


def _places(text: str, finding: Finding) -> tuple[tuple[Place, ...], int]:
    """The places of a finding; one within the words already shown is left out."""
    places: list[Place] = []
    more, shown_until = 0, -1
    for start, end in sorted(finding.spans):
        if start < shown_until:
            continue
        before, marked, after = excerpt(text, (start, end), ROOM)
        shown_until = end + len(after)
        if len(places) == PLACES:
            more += 1
            continue
        if len(marked) > MARKED:
            marked, after = f"{marked[:MARKED]}…", ""
        places.append(Place(before, marked, after))
    return tuple(places), more


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MARKED else f"{line[:MARKED]}…"


def as_entry(result: Result) -> dict[str, Any]:
    """Plain values without the whole object and the text; `from_entry` makes the same result of them."""
    entry = asdict(result)
    for long in ("whole", "text"):
        entry.pop(long, None)
    return entry


def from_entry(entry: Mapping[str, Any], path: str, whole: str | None = None) -> Result:
    """The result of an entry, for a file that now has the name `path`."""
    if "code" in entry:
        return Unread(**{**entry, "path": path})
    findings = tuple(
        Reported(
            **{
                **finding,
                "reasons": tuple(finding["reasons"]),
                "places": tuple(Place(**place) for place in finding["places"]),
            }
        )
        for finding in entry["findings"]
    )
    mended = tuple(Mended(**item) for item in entry["mended"])
    return Checked(**{**entry, "path": path, "mended": mended, "findings": findings, "whole": whole})
