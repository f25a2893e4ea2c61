"""The cases that belong to a case: linked by somebody with a reason, or named in one of its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from yifa.documents.actions.linking import links_of
from yifa.documents.models import CaseLink
from yifa.law.schema import FieldType
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case

BEFORE = "前置程序"  # what the first is to the one that follows
MOST = 50


@dataclass(frozen=True, slots=True)
class Related:
    """A case that belongs to another: `how`, why, and the link, where it is one somebody made."""

    case: Case
    how: str
    reason: str = ""
    link: CaseLink | None = None

    @property
    def type_title(self) -> str:
        """Which kind of case it is."""
        return case_type_of(self.case.case_type).title


def related(case: Case) -> list[Related]:
    """All of them, those named in fields first."""
    found = list(_named(case))
    known = {one.case.pk for one in found}
    for link in links_of(case)[:MOST]:
        first = link.case_id == case.pk
        other = link.other if first else link.case
        follows = link.kind == CaseLink.Kind.FOLLOWS
        how = BEFORE if follows and not first else str(CaseLink.Kind(link.kind).label)
        if other.pk not in known:
            found.append(Related(other, how, link.reason, link))
    return found


def _named(case: Case) -> Iterator[Related]:
    """Those the facts name by number, or by title where they have no number."""
    wanted = {
        (spec.case_type, str(case.facts[name])): spec.title
        for name, spec in case_type_of(case.case_type).facts.items()
        if spec.type is FieldType.CASE and case.facts.get(name)
    }
    if not wanted:
        return
    condition = Q(pk__in=[])
    for case_type, number in wanted:
        condition |= Q(case_type=case_type, number=number) | Q(case_type=case_type, number="", title=number)
    for other in Case.objects.filter(condition).select_related("organization")[:MOST]:
        title = wanted.get((other.case_type, other.number or other.title), "")
        yield Related(other, title)
