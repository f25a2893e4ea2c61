"""Lists of what is not in order: gap lists of our own over the catalogue's registers and cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from yifa.law.loader import catalogue
from yifa.law.schema import GapType
from yifa.ledger.actions import CreatePost, HoldPost, OpenCase, PublishEntry, RecordAct, ReviseEntry
from yifa.ledger.figures import casebycase
from yifa.ledger.figures.gaps import Finding, Gap
from yifa.ledger.models import Entry, Organization

ON = date(2024, 12, 1)


def gap(**parts: Any) -> GapType:
    return GapType.model_validate({"gap": "g", "title": "缺口", "explain": "", "missing": "没有", **parts})


def found(organization: Organization, on: date = ON, **parts: Any) -> list[Gap]:
    return list(Finding(organization, on).gaps(gap(**parts)))


def titles(organization: Organization, on: date = ON, **parts: Any) -> list[str]:
    return sorted(one.title for one in found(organization, on, **parts))


def officer(at: Organization, name: str, **more: Any) -> None:
    data = sample("enforcement_officers", {"code": f"证{name}", "name": name})
    data |= {"unit": at.name, "valid_from": "2020-01-01", "kind": "综合"} | more
    PublishEntry(
        actor=None, organization=at, register="enforcement_officers", data=data, on=date(2020, 1, 1)
    ).execute()


def study(at: Organization, on: date, hours: float = 2) -> None:
    OpenCase(
        actor=None,
        organization=at,
        case_type="study_session",
        act="hold",
        on=on,
        facts={"subject": f"学习{on}", "kind": "中心组学法"},
        fields={"hours": hours},
    ).execute()


def test_a_condition_alone_makes_a_gap(place: Town) -> None:
    officer(place.office, "甲一", trained_on="2024-03-01")
    officer(place.office, "乙二")
    where = {"fact": "trained_on", "given": False}
    assert titles(place.body, register="enforcement_officers", where=where) == ["乙二"]
    assert titles(place.town, register="enforcement_officers", where=where) == []


def test_what_has_ended_is_not_looked_at(place: Town) -> None:
    officer(place.office, "乙二", valid_to="2024-06-30")
    where = {"fact": "trained_on", "given": False}
    assert titles(place.body, date(2024, 6, 30), register="enforcement_officers", where=where) == ["乙二"]
    assert titles(place.body, date(2024, 7, 1), register="enforcement_officers", where=where) == []


def test_a_past_day_is_looked_at_as_the_entries_said_then(place: Town) -> None:
    officer(place.office, "甲一")
    officer(place.office, "乙二")
    entry = Entry.objects.get(title="乙二")
    ReviseEntry(
        actor=None, entry=entry, data={**entry.data, "status": "调离"}, on=date(2024, 10, 1), reason="调离"
    ).execute()
    where = {"fact": "status", "is": "调离"}
    assert titles(place.body, register="enforcement_officers", where=where) == ["乙二"]
    assert titles(place.body, date(2024, 6, 30), register="enforcement_officers", where=where) == []


def test_an_entry_of_another_register_puts_it_in_order(place: Town) -> None:
    """Officers whose unit has no power on the list."""
    officer(place.office, "甲一")
    officer(place.town, "乙二")
    kind = catalogue().registers["powers"]
    data = sample("powers", {"code": "CF-1", "name": "某项处罚", kind.begins or "": "2020-01-01"})
    data["organ"] = place.office.name
    PublishEntry(
        actor=None, organization=place.office, register="powers", data=data, on=date(2020, 1, 1)
    ).execute()
    unless = [{"register": "powers", "match": {"organ": "unit"}}]
    assert titles(place.body, register="enforcement_officers", unless=unless) == ["乙二"]
    none = [{"register": "powers", "match": {"organ": "unit"}, "where": {"fact": "kind", "is": "行政奖励"}}]
    assert titles(place.body, register="enforcement_officers", unless=none) == ["乙二", "甲一"]


def test_units_without_a_session_in_three_months(place: Town) -> None:
    study(place.office, date(2024, 9, 2))
    study(place.town, date(2024, 8, 30))
    answering = {
        "counting_rule": "study_sessions",
        "match": {"unit": "unit"},
        "within": {"length": 3, "unit": "months"},
    }
    parts: dict[str, Any] = {"levels": ["department", "town"], "unless": [answering]}
    assert titles(place.body, **parts) == ["示例镇人民政府"]
    assert titles(place.body, date(2024, 12, 3), **parts) == ["澜亭县司法局", "示例镇人民政府"]
    assert titles(place.office, **parts) == []


def test_each_thing_may_say_itself_how_far_back_counts(place: Town) -> None:
    """Risks whose unit is to have met within as many months as each says."""
    study(place.office, date(2024, 8, 30))
    field = "check_months"
    for code, months in (("F-1", 3), ("F-2", 4)):
        data = sample("post_risks", {"code": code, "name": f"风险{months}"}) | {field: months}
        data["since"] = "2020-01-01"
        PublishEntry(
            actor=None, organization=place.office, register="post_risks", data=data, on=date(2020, 1, 1)
        ).execute()
    answering = {
        "counting_rule": "study_sessions",
        "match": {"unit": "unit"},
        "within": {"length": field, "unit": "months"},
    }
    assert titles(place.body, register="post_risks", unless=[answering]) == ["风险3"]
    assert titles(place.body, date(2024, 11, 30), register="post_risks", unless=[answering]) == []
    assert titles(place.body, register="post_risks", unless=[answering | {"at_most": 0}]) == ["风险4"]


def test_a_sum_is_held_against_a_bound_and_both_are_said(place: Town) -> None:
    study(place.office, date(2024, 3, 1), 2)
    study(place.office, date(2024, 5, 1), 1.5)
    study(place.office, date(2023, 12, 31), 9)
    answering = {
        "counting_rule": "study_hours",
        "match": {"unit": "unit"},
        "within": {"calendar_year": True},
        "at_least": 4,
    }
    (short,) = found(place.office, levels=["department"], unless=[answering])
    assert (short.found, short.wanted, short.kind, short.id) == (3.5, "不少于4", "organization", "sfj")
    assert found(place.office, levels=["department"], unless=[answering | {"at_least": 3.5}]) == []
    too_many = answering | {"at_least": None, "at_most": 3}
    assert [one.wanted for one in found(place.office, levels=["department"], unless=[too_many])] == [
        "不多于3"
    ]


@pytest.mark.parametrize("kept", [20_000, 0])
def test_open_cases_and_those_that_are_closed(
    place: Town, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a kind with so many cases that they are not kept, those that the list looks at are read in stretches."""
    monkeypatch.setattr(casebycase, "MOST_KEPT", kept)
    monkeypatch.setattr(casebycase, "AT_ONCE", 1)
    place.request(on=date(2024, 9, 2))
    done = place.request(on=date(2024, 9, 3))
    place.answer(done, on=date(2024, 9, 20))
    where = {"fact": "content", "given": True}
    kinds = {
        state: len(found(place.body, case_type="information_request", cases=state, where=where))
        for state in ("any", "open", "closed")
    }
    assert kinds["any"] == 2 and kinds["open"] + kinds["closed"] == 2
    where = {"act": "answer", "done": False}
    assert len(found(place.body, case_type="information_request", where=where)) == 1


def test_a_case_is_matched_by_what_its_last_such_act_says(place: Town) -> None:
    """Handed from round to round: the round it was last carried to must still be in force."""
    for name, ends in (("一轮", "2024-05-31"), ("二轮", "2024-08-31"), ("三轮", "2024-12-31")):
        data = {"name": name, "from": "2024-03-01", "to": ends}
        PublishEntry(
            actor=None, organization=place.body, register="dispute_rounds", data=data, on=date(2024, 3, 1)
        ).execute()
    case = OpenCase(
        actor=None, organization=place.town, case_type="dispute", act="register", on=date(2024, 3, 4),
        facts={"subject": "水渠纠纷", "round": "一轮"},
    ).execute()  # fmt: skip
    parts: dict[str, Any] = {
        "case_type": "dispute",
        "unless": [{"register": "dispute_rounds", "match": {"key": "carry_over.round"}}],
    }
    assert titles(place.body, date(2024, 4, 1), **parts) == ["水渠纠纷"]  # not carried over yet
    for day, name in ((date(2024, 5, 30), "二轮"), (date(2024, 8, 30), "三轮")):
        RecordAct(
            actor=None, case=case, act="carry_over", on=day, fields={"round": name, "reason": "待测绘"}
        ).execute()
    assert titles(place.body, date(2024, 8, 29), **parts) == []
    assert titles(place.body, date(2024, 12, 31), **parts) == []
    assert titles(place.body, date(2025, 1, 1), **parts) == ["水渠纠纷"]


def test_posts_that_somebody_holds(place: Town) -> None:
    """Officers of whom nobody of that name holds a post."""
    officer(place.office, "甲一")
    officer(place.office, "乙二")
    post = CreatePost(actor=None, organization=place.office, title="科员").execute()
    HoldPost(actor=None, post=post, person="甲一", valid_from=date(2020, 1, 1)).execute()
    unless = [{"posts": True, "match": {"person": "name"}}]
    assert titles(place.body, register="enforcement_officers", unless=unless) == ["乙二"]


def test_a_matrix_of_entries_and_units_lists_the_empty_cells(place: Town) -> None:
    """Each officer is to have held a session at each town and department."""
    officer(place.office, "甲一")
    officer(place.office, "乙二")
    study(place.town, date(2024, 9, 2))
    parts: dict[str, Any] = {
        "register": "enforcement_officers",
        "levels": ["town", "department"],
        "unless": [{"counting_rule": "study_sessions", "match": {"unit": "unit"}}],
    }
    cells = [f"{name}：{place.office.name}" for name in ("乙二", "甲一")]
    assert titles(place.body, **parts) == sorted(cells)
    assert titles(place.town, **parts) == []  # the town sees its own column, also of what stands above it
    assert {one.organization for one in found(place.body, **parts)} == {place.office.name}


@pytest.mark.parametrize(
    "parts",
    [
        {"register": "powers"},
        {"unless": [{"register": "powers", "match": {"key": "key"}}]},
        {"register": "powers", "levels": ["town"], "where": {"fact": "kind", "given": True}},
        {
            "case_type": "training",
            "levels": ["town"],
            "unless": [{"register": "powers", "match": {"key": "key"}}],
        },
        {"register": "powers", "unless": [{"match": {"key": "key"}}]},
        {
            "register": "powers",
            "unless": [{"posts": True, "match": {"a": "b"}, "within": {"calendar_year": True}}],
        },
    ],
)
def test_a_gap_list_must_say_what_it_looks_at(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        gap(**parts)


def test_what_says_something_else_is_named_field_by_field(place: Town) -> None:
    """Officers against others of the same name: the same kind and unit, or what differs."""
    officer(place.office, "甲一")
    officer(place.town, "甲一", unit=place.office.name, valid_to="2030-01-01")
    rule: dict[str, Any] = {"register": "enforcement_officers", "match": {"name": "name"}}
    same = rule | {"where": {"fact": "valid_to", "given": True}, "same": {"valid_to": "valid_to"}}
    (short,) = found(place.office, register="enforcement_officers", unless=[same])
    assert short.wanted == "不一致：证件有效期至"
    alike = rule | {"same": {"kind": "kind"}}
    assert found(place.office, register="enforcement_officers", unless=[alike]) == []


def test_acts_that_a_rule_counts_know_who_did_them_and_the_posts_held_that_day(place: Town) -> None:
    post = CreatePost(actor=None, organization=place.office, title="主讲").execute()
    HoldPost(
        actor=None, post=post, person="甲一", valid_from=date(2023, 1, 1), valid_to=date(2024, 5, 31)
    ).execute()
    officer(place.office, "教", post="主讲")
    for on in (date(2024, 5, 31), date(2024, 6, 1)):
        OpenCase(
            actor=None,
            organization=place.office,
            case_type="study_session",
            act="hold",
            on=on,
            facts={"subject": f"学习{on}", "kind": "中心组学法"},
            fields={"hours": 2},
            by="甲一",
        ).execute()
    unless = [{"register": "enforcement_officers", "match": {"post": "posts"}}]
    assert titles(place.body, counting_rule="study_sessions", unless=unless) == ["学习2024-06-01（举办）"]
    assert len(titles(place.body, counting_rule="study_sessions")) == 2


def test_two_rules_must_give_the_same_figure(place: Town) -> None:
    officer(place.office, "甲一", unit=place.office.name)
    study(place.office, date(2024, 3, 1), hours=1)
    rule = {"counting_rule": "study_sessions", "match": {"unit": "unit"}, "equals": "study_hours"}
    assert found(place.body, register="enforcement_officers", unless=[rule]) == []
    study(place.office, date(2024, 4, 1), hours=2)
    (one,) = found(place.body, register="enforcement_officers", unless=[rule])
    assert (one.found, one.wanted) == (2, "等于3")
    late = {**rule, "within": {"calendar_year": True}}
    assert found(place.body, date(2025, 1, 2), register="enforcement_officers", unless=[late]) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"register": "powers", "counting_rule": "study_sessions"},
        {"counting_rule": "study_sessions", "where": {"fact": "kind", "is": "x"}},
        {
            "register": "powers",
            "unless": [{"register": "powers", "match": {"key": "key"}, "equals": "study_hours"}],
        },
    ],
)
def test_gaps_that_contradict_themselves_are_errors(parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        gap(**parts)


def test_entries_whose_last_day_has_passed(place: Town) -> None:
    officer(place.office, "甲一", valid_to="2024-11-30")
    officer(place.office, "乙二", valid_to="2024-12-01")
    officer(place.office, "丙三", valid_to="2024-11-01", trained_on="2024-03-01")
    undecided = {"fact": "trained_on", "given": False}
    assert titles(place.body, register="enforcement_officers", entries="ended", where=undecided) == ["甲一"]


def test_only_the_standards_that_a_thing_reaches_count(place: Town) -> None:
    def standard(code: str, kind: str, **more: Any) -> None:
        data = sample("decision_standards", {"code": code, "kind": kind, "valid_from": "2024-01-01"}) | more
        data.pop("valid_to", None)
        PublishEntry(
            actor=None, organization=place.body, register="decision_standards", data=data, on=date(2024, 1, 2)
        ).execute()

    def matter(name: str, kind: str, **more: Any) -> None:
        given = {"code": name, "name": name, "kind": kind, "declared": "2024-02-01"}
        data = sample("decision_matters", given) | more
        PublishEntry(
            actor=None, organization=place.body, register="decision_matters", data=data, on=date(2024, 2, 1)
        ).execute()

    standard("一", "重大公共建设项目", threshold=500)
    standard("二", "重要规划")
    matter("够", "重大公共建设项目", amount=500)
    matter("不够", "重大公共建设项目", amount=499.5)
    matter("没写", "重大公共建设项目")
    matter("规划", "重要规划")
    matter("别类", "其他重大事项", amount=9999)
    reached = {
        "register": "decision_standards",
        "match": {"kind": "kind"},
        "up_to": {"threshold": "amount"},
        "at_most": 0,
    }
    assert titles(place.body, register="decision_matters", unless=[reached]) == ["够", "规划"]
