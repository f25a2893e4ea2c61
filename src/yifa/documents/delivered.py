"""Which papers an act of a case gave out, so that a receipt need not ask."""

from __future__ import annotations

from yifa.documents.filled import plain, read_stored
from yifa.documents.models import CaseDocument, DocumentVersion
from yifa.documents.shelf import shelf
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case
from yifa.procedures.model import Act

MADE = (DocumentVersion.State.FILLED, DocumentVersion.State.SIGNED)


def papers_of(case: Case, history: CaseHistory, act: Act | None) -> list[str]:
    """Its papers by title and number; where none was made here, those on file, with the number the act gave the case."""
    if act is None:
        return []
    made = CaseDocument.objects.filter(case=case, act=act.act, position=act.position, withdrawn=False)
    titles = [f"《{one.title}》{_number(one)}" for one in made]
    numbered = case_type_of(case.case_type).number
    number = case.number if numbered is not None and numbered.act == act.act else ""
    return titles or [f"《{paper['title']}》{number}" for paper in history.evidence.get(act.position, ())]


def _number(document: CaseDocument) -> str:
    """The number as the standing version says it; empty while it has a blank, or its template has none."""
    template = shelf().templates.get(document.template)
    made = document.versions.filter(state__in=MADE).order_by("-state", "-order")  # a signed one first
    version = made.first()
    if template is None or template.number is None or version is None:
        return ""
    lines = read_stored(version.lines[1:2])
    return "".join("" if any(piece.blank for piece in line) else plain(line).strip() for line in lines)
