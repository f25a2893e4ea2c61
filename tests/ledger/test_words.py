"""Cases are found by the names people gave to papers and files; what every case of the kind has is no word."""

from __future__ import annotations

from datetime import date

from tests.ledger.conftest import Town
from yifa.ledger.actions import CorrectAct, StoreAttachment
from yifa.ledger.models import Case, CaseText, Role
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows.rebuilding import rebuild
from yifa.ledger.search.queries import CaseFilter, cases


def test_a_case_is_found_by_its_papers_and_files(place: Town) -> None:
    viewer = place.user(Role.LEADER, at=place.body)
    case, other = place.request(), place.request()
    scan = StoreAttachment(actor=None, content=b"\x89PNG scan", name="青石巷现场照片03.png").execute()
    plain = StoreAttachment(actor=None, content=b"%PDF-1.4 x", name="答复书.pdf").execute()
    place.answer(
        case,
        evidence=[
            {"title": "答复书", "attachment": plain.pk},
            {"title": "勘验图", "attachment": scan.pk},
            {"title": "测绘说明", "attachment": None},
        ],
    )
    place.answer(other)

    def found(words: str) -> list[Case]:
        return list(cases(viewer, CaseFilter(text=words), date(2024, 11, 1)))

    assert found("青石巷") == found("照片03.png") == found("勘验") == found("测绘说明") == [case]
    assert found("青石巷 测绘") == [case]
    assert found("答复书") == []  # every answer has one: the list would be no shorter
    before = dict(CaseText._default_manager.values_list("case_id", "text"))
    assert "答复书.pdf" not in before[case.pk]
    rebuild()
    assert dict(CaseText._default_manager.values_list("case_id", "text")) == before
    case.refresh_from_db()
    CorrectAct(
        actor=None,
        case=case,
        position=2,
        changes={"evidence": [{"title": "答复书", "attachment": plain.pk}]},
        reason="传错了照片",
    ).execute()
    assert found("青石巷") == found("勘验") == []
    assert verify().faults == ()
