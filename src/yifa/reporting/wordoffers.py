"""Whether a Word file is this report's, and what a change from it comes to now that its section may have gone on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yifa.ledger.models import Organization
from yifa.reading import Document
from yifa.reporting.models import Report, Section
from yifa.reporting.textdiff import likeness, merge

FIRST_LINES, ALIKE = 3, 0.6  # a title may be broken over lines
_YEAR = re.compile(r"\d{4}(?=年)")


class Fit(StrEnum):
    """How an offer stands to its section as it is now."""

    AS_OFFERED = "as_offered"  # the section has not changed since
    MERGED = "merged"  # it has, elsewhere: both changes fit
    CONTRADICTS = "contradicts"  # the same sentence was changed on both sides
    THERE = "there"  # it says already what the file says
    GONE = "gone"  # the report has no such section any more


@dataclass(frozen=True, slots=True)
class Proposal:
    """What taking an offer would make of its section.

    Attributes:
        fit: How the offer stands.
        before: The section now.
        after: The section then; where it cannot be taken, the text of the file.
        version: The version of the section this was worked out for; 0 without a section.
    """

    fit: Fit
    before: str
    after: str
    version: int

    @property
    def may_take(self) -> bool:
        """Whether there is something to take."""
        return self.fit in (Fit.AS_OFFERED, Fit.MERGED)


def proposal(offer: Mapping[str, Any], section: Section | None) -> Proposal:
    """`offer`: one of `WordReturn.offers`, not decided yet; `section`: the one it names."""
    if section is None:
        return Proposal(Fit.GONE, offer["before"], offer["after"], 0)
    if section.version == offer["seen"]:
        return Proposal(Fit.AS_OFFERED, section.text, offer["after"], section.version)
    merged = merge(offer["before"], offer["after"], section.text)
    if merged.contradictions and _tight(section.text) != _tight(offer["after"]):
        return Proposal(Fit.CONTRADICTS, section.text, offer["after"], section.version)
    if _tight(section.text) in (_tight(merged.text), _tight(offer["after"])):
        return Proposal(Fit.THERE, section.text, offer["after"], section.version)
    return Proposal(Fit.MERGED, section.text, merged.text, section.version)


def other_title(report: Report, document: Document) -> str:
    """The title of the file where it is that of another year's report, or of another unit's; empty where it is this one's."""
    own = _tight(report.title)
    lines = [_tight(line) for line in document.text.splitlines() if line.strip()][:FIRST_LINES]
    titles = ["".join(lines[:many]) for many in range(1, len(lines) + 1)]
    title = max(titles, key=lambda one: likeness(one, own), default="")
    if likeness(title, own) < ALIKE or title == own:
        return ""
    years = set(_YEAR.findall(title))
    if years and years != set(_YEAR.findall(own)):
        return title
    name = _tight(str(report.organization))
    others = Organization.objects.exclude(pk=report.organization_id).values_list("name", flat=True)
    elsewhere = name not in title and any(_tight(one) in title for one in others)
    return title if elsewhere else ""


def _tight(text: str) -> str:
    return "".join(text.split())
