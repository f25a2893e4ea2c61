"""Papers of enforcement cases put on the register of enforcement papers when they are filed: nobody types them again."""

from __future__ import annotations

from yifa.documents.filled import plain
from yifa.documents.making import filled
from yifa.documents.models import CaseDocument
from yifa.ledger.actions import PublishEntry
from yifa.ledger.legal import no_power, register_of
from yifa.ledger.models import Entry, User

REGISTER = "enforcement_papers"
OTHER = "其他"
RECEIVERS = ("party", "receiver", "object")


def register_paper(document: CaseDocument, actor: User | None) -> Entry | None:
    """Puts a filed paper with a number on the register; None where it has none, does not belong there or is there."""
    register, case = register_of(REGISTER), document.case
    spec = register.fields["case"]
    act = case.acts.filter(position=document.position or 0).first()
    off = no_power(case.organization.level, register=REGISTER)
    if case.case_type != spec.case_type or act is None or off is not None:
        return None
    paper = filled(document)
    number = plain(paper.number).strip()
    there = Entry.objects.filter(register=REGISTER, organization=case.organization, key=number)
    if not number or any(piece.blank for piece in paper.number) or there.exists():
        return None
    kinds = register.fields["kind"].choices or []
    data = {
        "number": number,
        "name": document.title,
        "kind": next((kind for kind in kinds if kind in document.title), OTHER),
        "domain": case.facts.get("domain"),
        "case": case.number or case.title,
        "receiver": next((case.facts[name] for name in RECEIVERS if case.facts.get(name)), None),
        "issued": act.happened_on.isoformat(),
    }
    data = {name: value for name, value in data.items() if value is not None}
    return PublishEntry(
        actor=actor,
        organization=case.organization,
        register=REGISTER,
        data=data,
        on=act.happened_on,
        reason=f"归档文书：{document.title}",
        source={"document": str(document.pk)},
    ).execute()
