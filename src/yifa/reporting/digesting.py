"""The digests of stored figures: at once where few records stand behind one, of many when they are first asked for.

Which records they are is settled when the figure is stored, and records never change: the digest is the same whenever
it is made.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from yifa.ledger.chain.canonical import canonical, sm3
from yifa.ledger.figures.counted import digest_of
from yifa.reporting.computed import Computed
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.recordlists import Share, digests

MOST_AT_ONCE = 500  # records behind one figure


def prompt_digests(figures: Mapping[str, tuple[Computed, Sequence[Share]]]) -> dict[str, str]:
    """The digests of the figures that have few records, by rule; the records are looked up together."""
    few = {
        rule: shares
        for rule, (figure, shares) in figures.items()
        if len(figure.records) <= MOST_AT_ONCE and not figure.numerator
    }
    known = digests({record for shares in few.values() for record in _numbered(shares)})
    found = {
        rule: digest_of([*(known[record] for record in _numbered(shares)), *_said(shares)])
        for rule, shares in few.items()
    }
    rates = {rule: (one.numerator, one.denominator) for rule, (one, _) in figures.items() if one.numerator}
    return found | {rule: of_rate(found[above], found[below]) for rule, (above, below) in rates.items()
                    if above in found and below in found}  # fmt: skip


def _numbered(shares: Sequence[Share]) -> list[int]:
    return [record for share in shares if share.columns.said is None for record in share.columns.records]


def _said(shares: Sequence[Share]) -> list[str]:
    return [one.digest for share in shares for one in share.columns.said or ()]


def of_rate(above: str, below: str) -> str:
    """The digest of a rate: that of its two figures."""
    return sm3(canonical([above, below]).encode())


def settle(report: Report, rules: Collection[str] | None = None) -> None:
    """Makes the digests that are still to be made, of all figures or of these."""
    waiting = {figure.rule: figure for figure in report.figures.filter(digest="")}
    if not waiting:
        return
    wanted = waiting.keys() if rules is None else set(rules) & waiting.keys()
    wanted = set(wanted) | {
        name
        for rule in wanted
        for name in (waiting[rule].numerator, waiting[rule].denominator)
        if name in waiting
    }
    for rule in sorted(wanted, key=lambda rule: bool(waiting[rule].numerator)):  # rates last
        figure = waiting[rule]
        if figure.numerator:
            parts = dict(
                report.figures.filter(rule__in=(figure.numerator, figure.denominator)).values_list(
                    "rule", "digest"
                )
            )
            digest = of_rate(parts[figure.numerator], parts[figure.denominator])
        else:
            digest = digest_of(figure.records.digests())
        StoredFigure.objects.filter(pk=figure.pk).update(digest=digest)
