"""Under which rules the rows of each kind of case and entry were made, and which kinds must be made anew.

What is stored of a case follows from its records and from what its kind, the localities and the calendar say; what
counts of it from the counting rules over its kind besides. A paper's template or an outline changes none of it. While
rows of a kind are made anew, and where rows were written under other rules than the rest, the kind does not stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.chain.canonical import sm3
from yifa.ledger.legal import rules_digest
from yifa.ledger.models import Case, Entry, ProjectionState, Subject
from yifa.ledger.rows import tallies
from yifa.ledger.rows.ruling import definition, rules_over, said_of, timing_of

LAYOUT = "1"  # to be changed when the program makes other rows of the same records
MAKING = "~"  # before a digest: rows are being made under these rules, not all are yet


class Rules(NamedTuple):
    """Digests of what the rows of a kind follow from, and of what counts of it."""

    rows: str
    spans: str


def present() -> Mapping[str, Rules]:
    """The rules of each kind as they are now."""
    return _present(rules_digest())


@lru_cache(maxsize=2)
def _present(_: str) -> Mapping[str, Rules]:
    law = catalogue()
    found: dict[str, Rules] = {}
    for kind, case_type in law.case_types.items():
        handing = [one.model_dump_json(exclude_defaults=True) for one in case_type.handing]
        found[kind] = Rules(_digest([*_said(kind), *handing]), _spans(kind))
    for kind in law.registers:
        found[kind] = Rules(_digest([said_of(kind), LAYOUT]), _spans(kind))
    return found


def _said(kind: str) -> list[str]:
    return [said_of(kind), LAYOUT, *timing_of(kind)]


def without_handing(kind: str) -> str:
    """The digest of what the rows of a case type follow from, but for those of the units its cases were handed to."""
    return _digest(_said(kind))


def subject_of(kind: str) -> Subject:
    """Whether it is a kind of cases or of entries."""
    return Subject.ENTRY if kind in catalogue().registers else Subject.CASE


def title_of(what: str) -> str:
    """The name of a kind, or of all kinds."""
    law = catalogue()
    known = law.case_types.get(what) or law.registers.get(what)
    return known.title if known else "全部事项和条目"


def _spans(kind: str) -> str:
    return _digest(f"{rule.counting_rule}={definition(rule)}" for rule in rules_over(kind))


def _digest(said: Iterable[str]) -> str:
    return sm3("\0".join(said).encode())


def outdated() -> list[str]:
    """The kinds whose rows do not all stand under the present rules; none where nothing was ever stored."""
    states = {
        kind: Rules(*said) for kind, *said in ProjectionState.objects.values_list("kind", *Rules._fields)
    }
    if not states and not Case.objects.exists() and not Entry.objects.exists():
        return []
    return [kind for kind, now in present().items() if states.get(kind) != now]


def note(kinds: Collection[str]) -> None:
    """To be called before rows of these kinds are written: what was made under other rules is whole no more."""
    states = list(ProjectionState.objects.filter(kind__in=kinds))
    if not states and not ProjectionState.objects.exists():
        _first()
    for state in states:
        now = present().get(state.kind)
        changed = [
            name for name in Rules._fields
            if now is not None and getattr(state, name).removeprefix(MAKING) not in {"", getattr(now, name)}
        ]  # fmt: skip
        if changed:
            ProjectionState.objects.filter(pk=state.pk).update(**dict.fromkeys(changed, ""))
            tallies.retire([state.kind])


def _first() -> None:
    """Nothing was stored before: what comes is made under the present rules, whatever its kind."""
    made = timezone.now()
    states = [
        ProjectionState(kind=kind, rows=now.rows, spans=now.spans, built_at=made)
        for kind, now in present().items()
    ]
    ProjectionState.objects.bulk_create(states, ignore_conflicts=True)
    tallies.note_complete(present())


def begin(some: Collection[str]) -> set[str]:
    """Notes that the rows of some kinds are being made anew. Those of them of which only what counts has changed."""
    known = {state.kind: state for state in ProjectionState.objects.filter(kind__in=some)}
    only_spans = set()
    for kind in some:
        now = present()[kind]
        state = known.get(kind) or ProjectionState(kind=kind)
        if state.rows == now.rows:
            only_spans.add(kind)
        else:
            state.rows = MAKING + now.rows
        state.spans, state.built_at = MAKING + now.spans, timezone.now()
        state.save()
    if some:
        tallies.retire(some)
    return only_spans


def finish(some: Collection[str]) -> None:
    """Notes that all rows of some kinds stand, except where somebody wrote under other rules meanwhile."""
    whole = []
    for kind in some:
        now = present()[kind]
        mine = ProjectionState.objects.filter(
            kind=kind, rows__in=(now.rows, MAKING + now.rows), spans__in=(now.spans, MAKING + now.spans)
        )
        if mine.update(rows=now.rows, spans=now.spans, built_at=timezone.now()):
            whole.append(kind)
    tallies.note_complete(whole)
