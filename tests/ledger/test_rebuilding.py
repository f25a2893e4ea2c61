"""Rows are made anew in stretches: ended at any moment, with others at work, and only what the rules changed under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.ledger.conftest import Town
from tests.ledger.test_projections import dump
from yifa.law.errors import YifaError
from yifa.law.loader import Catalogue, catalogue
from yifa.ledger.chain.history import CaseHistory
from yifa.ledger.figures import spans
from yifa.ledger.figures.counting import Counting
from yifa.ledger.models import (
    Case,
    CaseAct,
    CountedRule,
    CountedSpan,
    ProjectionState,
    Rebuild,
    Record,
    Tally,
)
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows import kinds, rebuilding, tallies
from yifa.ledger.rows.rebuilding import rebuild, renew, under_way
from yifa.ledger.rows.values import CaseRows, case_rows
from yifa.ledger.tables import sqlitecare

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
KIND = "information_request"
RULE, OTHER = "information_requests_answered", "information_requests_received"
Follow = Callable[[Catalogue], None]


@pytest.fixture
def busy(place: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Seven cases, and stretches of two."""
    monkeypatch.setattr(rebuilding, "SIZE", 2)
    monkeypatch.setattr(rebuilding, "LOOKED_THROUGH", 3)
    monkeypatch.setattr(sqlitecare, "PAUSE", 0)
    for day in range(1, 8):
        case = place.request(on=date(2024, 3, day))
        if day % 2:
            place.answer(case, on=date(2024, 4, day))
    return place


@pytest.fixture
def follow(monkeypatch: pytest.MonkeyPatch) -> Follow:
    """Another catalogue from now on."""

    def use(law: Catalogue) -> None:
        for module in ("rows.ruling", "figures.counting", "legal", "rows.kinds"):
            monkeypatch.setattr(f"yifa.ledger.{module}.catalogue", lambda: law)

    return use


def damaged() -> None:
    Case.objects.update(status="改动")
    CaseAct.objects.filter(position=2).delete()
    CountedSpan._default_manager.all().delete()


def with_rule(outcomes: list[str]) -> Catalogue:
    law = catalogue()
    rule = law.counting_rules[RULE].model_copy(update={"outcomes": outcomes})
    return replace(law, counting_rules={**law.counting_rules, RULE: rule}, digest=f"changed {outcomes}")


def with_kind(law: Catalogue) -> Catalogue:
    """An act has another title, which findings say."""
    kind = law.case_types[KIND]
    act = kind.acts["answer"].model_copy(update={"title": "作出答复"})
    changed = kind.model_copy(update={"acts": {**kind.acts, "answer": act}})
    return replace(law, case_types={**law.case_types, KIND: changed}, digest="other words")


class Killed(Exception):
    """As by kill -9."""


@pytest.mark.parametrize("way", [rebuild, renew])
@pytest.mark.parametrize("after", [1, 3])
def test_killed_and_resumed_gives_the_same_as_in_one_go(
    busy: Town, way: Callable[..., int], after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, spans_then = dump(), CountedSpan._default_manager.count()
    damaged()
    ProjectionState.objects.filter(kind=KIND).update(rows="other")
    moved: list[int] = []

    def kill(done: int, _: int) -> None:
        moved.append(done)
        if len(moved) == after:
            raise Killed

    with pytest.raises(Killed):
        way(kill)
    left = under_way()
    assert left is not None and left.done == moved[-1] and left.reached and kinds.outdated()
    assert Case.objects.exclude(status="改动").count() == 2 * after  # what was done stands
    made: list[Any] = []

    def made_anew(history: CaseHistory, *rest: Any) -> CaseRows:
        made.append(history.id)
        return case_rows(history, *rest)

    monkeypatch.setattr(rebuilding, "case_rows", made_anew)
    way()
    assert len(made) == 7 - 2 * after
    assert dump() == right and CountedSpan._default_manager.count() == spans_then
    assert verify().faults == () and under_way() is None and not kinds.outdated()


@pytest.mark.parametrize("way", [rebuild, renew])
def test_what_is_recorded_meanwhile_is_right(busy: Town, way: Callable[..., int]) -> None:
    damaged()
    ProjectionState.objects.filter(kind=KIND).update(rows="other")
    waiting = [case for case in Case.objects.order_by("opened_on") if case.length == 2]
    assert len(waiting) == 3

    def work(_: int, __: int) -> None:
        if waiting:
            busy.answer(waiting.pop(), on=date(2024, 5, 6))
            busy.request(on=date(2024, 5, 7))

    way(work)
    assert not waiting and Case.objects.count() == 10
    assert verify().faults == () and not kinds.outdated()
    assert Counting(busy.body, *YEAR).count(OTHER).value == 10


@pytest.mark.parametrize("position", [1, 2])
def test_a_chain_without_its_beginning_or_its_middle_is_refused(busy: Town, position: int) -> None:
    case = Case.objects.filter(length=3).first()
    assert case is not None
    damaged()
    case.acts.all().delete()
    own = Record.objects.filter(subject_id=case.pk, position=position)
    own._raw_delete(own.db)
    with pytest.raises(YifaError, match="verify"):
        rebuild()
    case.refresh_from_db()
    assert case.status == "改动" and under_way() is not None


def test_a_rebuild_begun_by_an_earlier_version_begins_again(busy: Town) -> None:
    """It noted ids of chains, not of records."""
    damaged()
    with pytest.raises(Killed):
        rebuild(kill_at_once)
    Rebuild.objects.update(reached=str(Case.objects.order_by("-pk")[0].pk))
    rebuild()
    assert verify().faults == () and not Case.objects.filter(status="改动").exists()


def kill_at_once(_: int, __: int) -> None:
    raise Killed


def test_what_is_recorded_while_a_stretch_is_made_is_made_again(
    busy: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [case for case in Case.objects.all() if case.length == 2]
    held = rebuilding._held

    def late(part: Any, ids: list[Any]) -> Any:
        for case in [one for one in waiting if one.pk in ids]:
            waiting.remove(case)
            busy.answer(case, on=date(2024, 5, 6))
        return held(part, ids)

    monkeypatch.setattr(rebuilding, "_held", late)
    damaged()
    rebuild()
    assert not waiting and verify().faults == ()


def test_a_changed_rule_makes_only_its_spans_anew(busy: Town, follow: Follow) -> None:
    acts, before = dump(), CountedRule._default_manager.get(rule=RULE).pk
    follow(with_rule(["不予公开"]))
    assert kinds.outdated() == [KIND]
    figures: list[tuple[Any, Any]] = []

    def look(_: int, __: int) -> None:
        counting = Counting(busy.body, *YEAR)
        figures.append((counting.count(RULE).value, counting.count(OTHER).value))

    with CaptureQueriesContext(connection) as asked:
        renew(look)
    written = {
        one["sql"].split('"')[1] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    }
    assert "ledger_countedspan" in written
    assert not written & {"ledger_case", "ledger_caseact", "ledger_caseclock", "ledger_casetext"}
    assert set(figures) == {(0, 7)} and len(figures) > 3  # right at every moment
    assert dump() == acts and verify().faults == () and tallies.complete()
    assert not CountedRule._default_manager.filter(pk=before, complete=True).exists()
    assert not Tally._default_manager.filter(rules__rule_id=before).exists()


def test_a_rule_changed_and_changed_back_is_not_counted_from_what_is_left(busy: Town, follow: Follow) -> None:
    as_before = catalogue()
    assert Counting(busy.body, *YEAR).count(RULE).value == 4
    follow(with_rule(["不予公开"]))
    busy.answer(busy.request(on=date(2024, 6, 3)), on=date(2024, 6, 4))
    follow(as_before)
    assert spans.standing_tallies(as_before.counting_rules[RULE]) is None and kinds.outdated() == [KIND]
    assert Counting(busy.body, *YEAR).count(RULE).value == 5
    renew()
    assert spans.standing_tallies(as_before.counting_rules[RULE]) is not None and not kinds.outdated()
    assert Counting(busy.body, *YEAR).count(RULE).value == 5 and verify().faults == ()


def test_a_template_or_an_outline_changes_no_row(busy: Town, follow: Follow) -> None:
    law = catalogue()
    follow(replace(law, documents={}, outlines={}, digest="other papers"))
    assert kinds.outdated() == [] and renew() == 0
    facts = law.case_types[KIND].facts
    later = {name: one.model_copy(update={"asked_with": ["answer"]}) for name, one in facts.items()}
    told = law.case_types[KIND].model_copy(update={"summary": "另一段说明。", "facts": later})
    follow(replace(law, case_types={**law.case_types, KIND: told}, digest="other summary"))
    assert kinds.outdated() == []
    follow(with_kind(law))
    assert kinds.outdated() == [KIND]


def test_rows_written_under_other_rules_meanwhile_do_not_stand(busy: Town, follow: Follow) -> None:
    law = catalogue()
    ProjectionState.objects.filter(kind=KIND).update(rows="other")
    case = next(case for case in Case.objects.all() if case.length == 2)

    def elsewhere(done: int, _: int) -> None:
        if not case.acts.filter(position=2).exists():
            follow(with_kind(law))
            busy.answer(case, on=date(2024, 5, 6))
            follow(law)

    renew(elsewhere)
    assert kinds.outdated() == [KIND] and not Rebuild.objects.exists()
    renew()
    assert not kinds.outdated() and verify().faults == ()


def test_rules_that_change_again_begin_again(busy: Town, follow: Follow) -> None:
    follow(with_rule(["不予公开"]))
    once: list[int] = []

    def again(_: int, __: int) -> None:
        if not once:
            follow(with_rule(["予以公开", "不予公开"]))
        once.append(1)

    renew(again)
    assert not kinds.outdated() and tallies.complete() and verify().faults == ()
    assert len(once) == 6  # a stretch, then four, and the end
    assert Counting(busy.body, *YEAR).count(RULE).value == 4
