"""Papers of the invented county: of some kinds of case one, made for the newest act that a template serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yifa.demo import shapes
from yifa.documents.actions import ChangeOffice, MakeDocument
from yifa.documents.shelf import shelf
from yifa.ledger.models import CaseAct, Organization, User


def create(body: Organization, users: Mapping[str, User]) -> None:
    """The body's address and telephone, then the papers, by the officer whose unit's case it is."""
    given = shapes.county()
    officers = {one.unit: users[one.username] for one in given.accounts if "officer" in one.roles}
    ChangeOffice(actor=None, organization=body, data=given.office).execute()
    for act, template in _wanted(given.papers):
        MakeDocument(
            actor=officers.get(act.case.organization.code),
            case=act.case,
            template=template,
            act=act.act,
            position=act.position,
        ).execute()


def _wanted(kinds: list[str]) -> Iterator[tuple[CaseAct, str]]:
    """The newest act of each kind that a template of its own serves, running cases first."""
    for kind in kinds:
        serving = {
            one.act: template.document
            for template in shelf().templates.values()
            for one in template.serves
            if one.case_type == kind and len(template.serves) == 1
        }
        acts = CaseAct.objects.filter(case__case_type=kind, act__in=serving)
        newest = acts.select_related("case__organization").order_by(
            "-case__opened_on", "-case_id", "-position"
        )
        found = newest.filter(case__closed_on=None).first() or newest.first()
        if found is not None:
            yield found, serving[found.act]
