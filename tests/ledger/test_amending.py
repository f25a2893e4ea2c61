"""Following a new text of a law: entries, open cases, and what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from yifa.law.amending import Amending, AmendmentError, read_amendment
from yifa.law.loader import catalogue
from yifa.ledger.actions import ActionRefused, FollowNewText, OpenCase, PublishEntry
from yifa.ledger.amending import folder, impact
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Case, Record, Role
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows.rebuilding import rebuild

TODAY = date(2026, 2, 20)
NEW = """
law: 信访工作条例
effective: 2026-06-01
changed: [第三十四条]
durations:
  - {case_type: petition, clock: conclusion, article: 第三十四条, length: 30, unit: days}
transition: move
"""


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    catalogue.cache_clear()


def petition(place: Town) -> Case:
    kind = catalogue().case_types["petition"]
    facts = sample_facts(kind.facts)
    return OpenCase(
        actor=None, organization=place.body, case_type="petition", act="register", on=date(2026, 1, 5), facts=facts,
        entered="back",
    ).execute()  # fmt: skip


def sample_facts(specs: object) -> dict[str, object]:
    from tests.ledger.registers import value

    return {name: value(spec) for name, spec in specs.items() if spec.required}  # type: ignore[attr-defined]


def laid(tmp_path: Path) -> Amending:
    path = tmp_path / "新法文件.yaml"
    path.write_text(NEW, "utf-8")
    return Amending(catalogue(), read_amendment(path, catalogue()))


def test_entries_that_cite_a_changed_article_are_listed(place: Town, tmp_path: Path) -> None:
    for code, article in (("A", "第三十四条"), ("B", "第三十五条")):
        data = sample("powers", {"code": code, "name": f"职权{code}"}) | {
            "law": "信访工作条例",
            "article": article,
        }
        PublishEntry(
            actor=None, organization=place.office, register="powers", data=data, on=date(2024, 3, 1)
        ).execute()
    found = impact(laid(tmp_path), TODAY).entries
    assert [(one.entry.key, one.cites) for one in found] == [("A", "《信访工作条例》第三十四条")]


def test_open_cases_are_shown_with_both_due_dates_and_moved_by_a_record(place: Town, tmp_path: Path) -> None:
    case = petition(place)
    running = [name for name, clock in state_of(case, TODAY).clocks.items() if clock.due]
    assert running  # something runs, so that the impact has something to show
    clock = running[0]
    text = NEW.replace("clock: conclusion", f"clock: {clock}")
    path = tmp_path / "新法文件.yaml"
    path.write_text(text, "utf-8")
    before = state_of(case, TODAY).clocks[clock].due
    (shown,) = impact(Amending(catalogue(), read_amendment(path, catalogue())), TODAY).cases
    assert (shown.case, shown.due, shown.movable) == (case, before, True)
    length = Record.objects.count()
    FollowNewText(actor=None, content=text.encode(), today=TODAY).execute()
    case.refresh_from_db()
    assert case.facts["law_date"] == "2026-06-01"
    assert state_of(case, TODAY).clocks[clock].due == shown.moved != before
    assert Record.objects.count() == length + 2  # that the text is followed, and the change of the case
    rebuild()
    assert verify().faults == ()


def test_a_text_that_moves_nothing_leaves_cases_alone(place: Town) -> None:
    case = petition(place)
    FollowNewText(actor=None, content=NEW.replace("move", "keep").encode(), today=TODAY).execute()
    case.refresh_from_db()
    assert "law_date" not in case.facts
    assert [path.name for path in folder().glob("*.yaml")] != []


def test_twice_or_by_somebody_else_is_refused(place: Town) -> None:
    with pytest.raises(ActionRefused, match="统筹"):
        FollowNewText(actor=place.user(Role.OFFICER), content=NEW.encode(), today=TODAY).execute()
    FollowNewText(actor=None, content=NEW.encode(), today=TODAY).execute()
    with pytest.raises((ActionRefused, AmendmentError)):
        FollowNewText(actor=None, content=NEW.encode(), today=TODAY).execute()
    assert len(list(folder().glob("*.yaml"))) == 1


def test_words_of_an_entry_that_cite_a_changed_article_are_found(place: Town, tmp_path: Path) -> None:
    def keep(name: str, words: str) -> None:
        data = sample("document_templates", {"name": name}) | {"text": words}
        PublishEntry(
            actor=None,
            organization=place.office,
            register="document_templates",
            data=data,
            on=date(2024, 3, 1),
        ).execute()

    keep("A", "依据《信访工作条例》第三十三条、第三十四条，告知如下。")
    keep("B", "依据《信访工作条例》第三十五条和第三十六条，告知如下。")
    keep("C", "依据《信访工作条例》，告知如下。")
    keep("D", "依据《行政处罚法》第三十四条，告知如下。")
    found = impact(laid(tmp_path), TODAY).entries
    assert {one.entry.title: one.cites for one in found} == {
        "A": "《信访工作条例》第三十三条、第三十四条",
        "C": "《信访工作条例》",
    }


def test_cases_are_looked_at_in_batches(place: Town, tmp_path: Path, django_assert_max_num_queries) -> None:
    cases = {petition(place).pk for _ in range(7)}
    running = next(name for name, clock in state_of(Case.objects.first(), TODAY).clocks.items() if clock.due)
    path = tmp_path / "新法文件.yaml"
    path.write_text(NEW.replace("clock: conclusion", f"clock: {running}"), "utf-8")
    change = Amending(catalogue(), read_amendment(path, catalogue()))
    with django_assert_max_num_queries(5):
        assert {one.case.pk for one in impact(change, TODAY).cases} == cases
