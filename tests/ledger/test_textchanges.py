"""Two texts side by side: what was changed, and when nothing but the digests can be compared."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.conftest import Town
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase, RecordAct, StoreAttachment
from yifa.ledger.deciding.cases import history_of
from yifa.ledger.models import Case
from yifa.ledger.textchanges import UNREADABLE, ComparedPapers, changes, compared_papers

LINES = st.lists(st.text("甲乙丙丁", min_size=1, max_size=4), max_size=8)


@given(LINES, LINES)
def test_the_changes_turn_one_text_into_the_other(old: list[str], new: list[str]) -> None:
    found = changes("\n".join(old), "\n".join(new))
    assert bool(found) == (old != new)
    struck = [line for one in found for line in one.before.splitlines()]
    added = [line for one in found for line in one.after.splitlines()]
    assert sorted([*new, *struck]) == sorted([*old, *added])


def test_blanks_at_the_ends_of_paragraphs_are_no_change() -> None:
    assert changes("第一条 划线停车。\n\n第二条 施行。", "  第一条 划线停车。  \n第二条 施行。\n") == ()


def compared(place: Town, reviewed: bytes, signed: bytes, name: str) -> tuple[ComparedPapers, ...]:
    def stored(content: bytes, title: str) -> list[dict[str, str | None]]:
        attachment = StoreAttachment(actor=None, content=content, name=name).execute()
        return [{"title": title, "attachment": attachment.pk}]

    case = OpenCase(
        actor=None, organization=place.body, case_type="normative_document", on=date(2024, 4, 1),
        facts={"name": "细则", "class": "政府规范性文件"},
    ).execute()  # fmt: skip
    for act, papers in (("submit_review", stored(reviewed, "送审稿")), ("sign", stored(signed, "签发稿"))):
        RecordAct(
            actor=None, case=case, act=act, on=date(2024, 4, 9), evidence=papers, entered="back"
        ).execute()
    case_type = catalogue().case_types["normative_document"]
    return compared_papers(case_type, history_of(Case.objects.get(pk=case.pk)))


@pytest.mark.django_db
def test_only_what_both_acts_have_as_files_is_compared(place: Town) -> None:
    before = "某某细则\n第一条 划线停车。\n第二条 自印发之日起施行。\n".encode()
    after = "某某细则\n第一条 划线停放。\n第二条 自印发之日起施行。\n".encode()
    (same,) = compared(place, before, before, "稿.txt")
    assert same.same and not same.changes
    (pair,) = compared(place, before, after, "稿.txt")
    assert (pair.act, pair.other, pair.same, len(pair.changes)) == ("签发", "送请合法性审查", False, 1)
    assert "停车" in pair.changes[0].before and "停放" in pair.changes[0].after


@pytest.mark.django_db
def test_what_cannot_be_read_is_compared_by_its_digest(place: Town) -> None:
    (pair,) = compared(place, b"%PDF-1.4 broken one", b"%PDF-1.4 broken two", "稿.pdf")
    assert (pair.same, pair.changes, pair.note) == (False, (), UNREADABLE)
