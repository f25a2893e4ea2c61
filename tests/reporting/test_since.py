"""A figure of a report stays what it was; beside it stands what the ledger gives today, and why."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reporting.conftest import YEAR
from yifa.law.loader import catalogue
from yifa.ledger.actions import CorrectAct, DeclareNotCollected, PublishEntry, ReviseEntry
from yifa.ledger.figures.laterrecords import REMOVED
from yifa.ledger.models import Case, Record, Role
from yifa.reporting.actions import BuildReport
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.since import Since, SinceReport
from yifa.reporting.word import write

pytestmark = pytest.mark.django_db
ANSWERED, RECEIVED = "information_requests_answered", "information_requests_received"
ON_TIME, RATE = "information_requests_answered_on_time", "information_requests_on_time_rate"


def case(title: str) -> Case:
    return Case.objects.get(title__contains=title)


def since(report: Report, rule: str) -> Since:
    return SinceReport(report).of(report.figures.get(rule=rule))


def stored(report: Report) -> list[tuple[Any, ...]]:
    found = StoredFigure.objects.filter(report=report).order_by("id")
    return [(one.rule, one.value, one.digest, list(one.records)) for one in found]


@pytest.fixture
def published(report: Report) -> Report:
    Report.objects.filter(pk=report.pk).update(state="submitted")
    report.refresh_from_db()
    return report


def test_nothing_changed_nothing_differs(published: Report) -> None:
    every = SinceReport(published).all()
    assert len(every) == published.figures.count() > 20
    assert [one.figure.rule for one in every if one.differs or one.now is None] == []


@pytest.mark.mechanism("D10-07", "works")
def test_a_late_correction_leaves_the_report_and_is_named(
    published: Report, busy: Any, tmp_path: Any
) -> None:
    before, officer = stored(published), busy.user(Role.OFFICER, busy.justice)
    write(published, tmp_path / "before.docx")
    CorrectAct(
        actor=officer,
        case=case("甲项目"),
        position=2,
        changes={"on": date(YEAR + 1, 1, 6)},
        reason="送达回证载明次年送出",
    ).execute()
    assert stored(published) == before
    found = since(published, ANSWERED)
    assert (found.figure.value, found.now.value if found.now else None) == (Decimal(3), Decimal(2))
    assert found.differs
    assert found.value_differs
    (change,) = found.changes
    assert (change.kind, change.word, change.record.id) == ("removed", "不再计入", case("甲项目").pk)
    (why,) = change.later
    assert (why.word, why.who, why.reason, why.about) == ("更正", "甲一", "送达回证载明次年送出", "答复")
    assert ("日期", f"{YEAR + 1}-01-06") in why.said
    assert why.digest == Record.objects.get(kind="act.corrected").digest
    assert not since(published, RECEIVED).differs
    rate = since(published, RATE)
    assert rate.differs
    assert rate.changes == ()
    assert not rate.unexplained


@pytest.mark.mechanism("D10-07", "works")
def test_what_came_later_and_what_was_withdrawn_is_told_apart(published: Report, busy: Any) -> None:
    busy.request(busy.housing, date(YEAR, 6, 3), None, "己项目", entered="back")
    CorrectAct(actor=None, case=case("乙项目"), position=2, reason="录错事项", withdraws=True).execute()
    found = since(published, RECEIVED)
    (added,) = found.changes
    assert (added.kind, added.before, added.record.title) == ("added", None, case("己项目").title)
    assert [(why.word, why.who) for why in added.later] == [("登记", "系统"), ("补录", "系统")]
    (gone,) = since(published, ANSWERED).changes
    assert gone.kind == "removed"
    assert [(why.word, why.reason) for why in gone.later] == [("撤回", "录错事项")]


def test_a_changed_part_with_the_same_sum_is_found(published: Report) -> None:
    CorrectAct(
        actor=None, case=case("丙项目"), position=2, changes={"outcome": "部分公开"}, reason="核对文书"
    ).execute()
    found = since(published, ANSWERED)
    assert found.differs
    assert not found.value_differs
    assert found.parts_differ
    (change,) = found.changes
    assert (change.kind, change.before.part if change.before else "", change.record.part) == (
        "changed",
        "予以公开",
        "部分公开",
    )


def test_what_a_record_says_is_changed_removed_or_said_first(published: Report, busy: Any) -> None:
    CorrectAct(
        actor=None, case=case("丙项目"), position=2, changes={"outcome": "部分公开"}, reason="核对文书"
    ).execute()
    (change,) = since(published, ANSWERED).changes
    (corrected,) = change.later
    assert corrected.told == "结果改为部分公开"
    assert dataclasses.replace(corrected, word="办理").told == "结果 部分公开", "said first, not changed"
    gone = dataclasses.replace(corrected, said=(*corrected.said, ("来源文书文号", REMOVED)))
    assert gone.told == "结果改为部分公开，删去来源文书文号"


def test_a_revised_entry_is_found(busy: Any) -> None:
    register = catalogue().registers["powers"]
    rule = next(
        rule.counting_rule
        for rule in catalogue().counting_rules.values()
        if rule.register_ == "powers"
        and rule.counts == "in_force_at_end"
        and rule.where is None
        and rule.units is None
    )
    data = {name: spec.choices[0] if spec.choices else f"示例{spec.title}"
            for name, spec in register.fields.items() if spec.required and spec.type != "date"}  # fmt: skip
    data |= {
        name: f"{YEAR}-01-05"
        for name, spec in register.fields.items()
        if spec.required and spec.type == "date"
    }
    entry = PublishEntry(
        actor=None, organization=busy.justice, register="powers", data=data, on=date(YEAR, 1, 5)
    ).execute()
    report = busy.build()
    if not report.figures.filter(rule=rule).exists():
        pytest.skip("the outline does not use this figure")
    ReviseEntry(
        actor=None,
        entry=entry,
        data={**data, register.title_field: "改名的事项"},
        on=date(YEAR, 6, 1),
        reason="按决定更名",
    ).execute()
    (change,) = since(report, rule).changes
    assert (change.kind, [(why.word, why.reason) for why in change.later]) == (
        "changed",
        [("修订", "按决定更名")],
    )


def test_a_later_declaration_is_no_change_of_records(published: Report, busy: Any) -> None:
    DeclareNotCollected(
        actor=None,
        organization=busy.body,
        counting_rule=RECEIVED,
        valid_from=date(YEAR, 1, 1),
        reason="台账不全",
    ).execute()
    found = since(published, RECEIVED)
    assert found.now is not None
    assert (found.now.status, found.now.value, found.figure.value) == (
        "not_collected",
        None,
        Decimal(4),
    )
    assert found.unexplained


def test_the_rule_of_that_time_is_set_beside_todays(
    published: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = catalogue()
    rule = law.counting_rules[ANSWERED]
    held = rule.model_dump(include=set(type(rule).__mro__[1].model_fields), by_alias=True)  # type: ignore[attr-defined]
    anew = type(rule).model_validate(
        rule.model_dump(by_alias=True)
        | {"version": 2, "outcomes": ["不予公开"],
           "earlier": [{**held, "version": 1, "to": date(YEAR + 1, 6, 30), "changed": "原来都计。", "why": "例"}]}
    )  # fmt: skip
    own = dataclasses.replace(law, counting_rules={**law.counting_rules, ANSWERED: anew})
    for room in ("ledger.figures.counting", "ledger.figures.restating", "reporting.since"):
        monkeypatch.setattr(f"yifa.{room}.catalogue", lambda: own)
    found = since(published, ANSWERED)
    assert not found.differs  # by the rule of that time nothing changed
    assert found.now is not None
    assert found.restated is not None
    assert (found.now.value, found.restated.value, found.restated_version) == (
        Decimal(3),
        Decimal(0),
        2,
    )
    rate = since(published, RATE)
    assert not rate.differs
    assert rate.restated is not None


def test_a_rule_that_is_gone_says_so(published: Report) -> None:
    figure = published.figures.get(rule=ANSWERED)
    figure.rule_version = 9
    assert SinceReport(published).of(figure).now is None


def test_a_report_of_another_unit_and_year_is_compared_over_its_own_period(busy: Any) -> None:
    small = BuildReport(actor=None, organization=busy.housing, year=YEAR).execute()
    CorrectAct(
        actor=None, case=case("甲项目"), position=2, changes={"on": date(YEAR + 1, 1, 6)}, reason="核对"
    ).execute()
    assert [one.figure.rule for one in SinceReport(small).differing()] == []  # the case is another unit's
    whole = busy.build()
    assert Decimal(whole.figures.get(rule=ANSWERED).value or 0) == 2


def test_of_many_changes_the_first_are_told_and_the_rest_counted(published: Report, busy: Any) -> None:
    """A case that counts otherwise now stays one change, though its two lines are more than may be looked at."""
    for day in (3, 1, 2):
        busy.request(busy.housing, date(YEAR, 6, day), None, f"补录项目{day}", entered="back")
    CorrectAct(
        actor=None, case=case("丙项目"), position=2, changes={"outcome": "部分公开"}, reason="核对文书"
    ).execute()
    few, received = SinceReport(published, 2), published.figures.get(rule=RECEIVED)
    found = few.of(received)
    assert [change.record.on.day for change in found.changes] == [1, 2] and found.rest == 1
    assert found.differs and all(change.later for change in found.changes)
    whole = SinceReport(published).of(received)
    assert len(whole.changes) == 3 and whole.rest == 0
    (change,) = SinceReport(published, 1).of(published.figures.get(rule=ANSWERED)).changes
    assert change.kind == "changed"
