"""What the published text leaves out of the signed one, and why each of it may be left out.

A cut only takes words away, or puts a mark in their place that says so. Words that were changed are no cut and cannot be
explained away.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from yifa.ledger.models import Entry
from yifa.reporting.models import CutReason, Report, TextComparison
from yifa.reporting.textdiff import LineChange

PARTLY = "部分内容不公开"  # the conclusion of the secrecy review that allows cuts
_MARK = re.compile(r"[\s＊*×xX某□■…—（()）\[\]【】《》“”]|略|此处|以下|部分|内容|依法|不予?公开|删[去节除]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A legal basis that is offered, and what it is about."""

    basis: str
    about: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A paragraph that differs. `removed`: the words that were taken out, "" where words were changed or added."""

    key: str
    change: LineChange
    removed: str
    reason: CutReason | None

    @property
    def is_cut(self) -> bool:
        """Whether words were only taken out."""
        return bool(self.removed)


@cache
def suggestions() -> tuple[Suggestion, ...]:
    """The legal bases that are offered."""
    text = files("yifa.reporting").joinpath("cuts.yaml").read_text(encoding="utf-8")
    return tuple(Suggestion(**one) for one in yaml.safe_load(text))


def removed_words(change: LineChange) -> str:
    """The words a change takes out, where it does nothing else; "" for any other change."""
    gone, added = [], []
    for stretch in change.stretches:
        if stretch.kind == "removed":
            gone.append(stretch.text)
        elif stretch.kind == "added":
            added.append(stretch.text)
    if not gone or _MARK.sub("", "".join(added)):
        return ""
    return "……".join(gone)


def key_of(change: LineChange) -> str:
    """The same for the same cut, wherever it is found again."""
    return hashlib.sha256(f"{change.before}\0{change.after}".encode()).hexdigest()


def differences(comparison: TextComparison, known: Iterable[CutReason] | None = None) -> list[Difference]:
    """What a comparison found, each with the reason that was given for it."""
    given = known if known is not None else comparison.report.cut_reasons.select_related("given_by")
    reasons = {reason.key: reason for reason in given}
    found = []
    for one in comparison.differences:
        change = LineChange(one["before"], one["after"])
        key = key_of(change)
        found.append(Difference(key, change, removed_words(change), reasons.get(key)))
    return found


def settled(comparison: TextComparison) -> bool:
    """Whether all that differs was left out for a reason, and nothing foreign stands there."""
    rows = differences(comparison)
    return bool(rows) and not comparison.foreign and all(row.is_cut and row.reason for row in rows)


def said(comparison: TextComparison) -> list[str]:
    """The cuts with their reasons, as the register of published texts keeps them; the words themselves are not told."""
    return [
        f"{len(row.removed)}字：{row.reason.reason}（{row.reason.basis}）"
        for row in differences(comparison)
        if row.reason is not None
    ]


def entry_of(report: Report, link: str) -> Entry | None:
    """The register's entry for a page of the report."""
    rows = Entry.objects.filter(register="published_texts", organization=report.organization, withdrawn=False)
    return rows.filter(key=link[:120]).first()
