"""Acts that name an entry of a register, or another case: how that stood on the day of the act."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yifa.law.schema import CaseType
from yifa.procedures import engine
from yifa.procedures.entries import effective
from yifa.procedures.listing import listed
from yifa.procedures.model import Act, Context, Correction, Entered, Listing

LICENCE = CaseType.model_validate(
    {
        "case_type": "licence",
        "title": "办件",
        "summary": "测试用",
        "basis": [{"law": "行政许可法"}],
        "opens_with": ["receive"],
        "facts": {"item": {"title": "事项", "type": "entry", "register": "service_items"}},
        "acts": {
            "receive": {"title": "收件"},
            "charge": {
                "title": "收费",
                "fields": {"fee": {"title": "收费项目", "type": "entry", "register": "fees"}},
            },
            "look": {
                "title": "核查",
                "fields": {"fees": {"title": "收费项目", "type": "list", "register": "fees"}},
            },
            "link": {
                "title": "关联",
                "fields": {"suit": {"title": "诉讼", "type": "case", "case_type": "litigation"}},
            },
        },
    }
)
ON = Context(on=date(2024, 6, 1))


class Lists:
    """Fees until the end of 2023; one service item; one law suit."""

    def entry(self, register: str, key: str, on: date, holder: str | None = None) -> Listing:
        if holder == "organ":
            return Listing.ELSEWHERE
        if (register, key) == ("fees", "工本费"):
            return Listing.IN_FORCE if on.year < 2024 else Listing.ENDED
        return Listing.IN_FORCE if (register, key) == ("service_items", "食品经营许可") else Listing.UNKNOWN

    def case(self, case_type: str, number: str, on: date) -> Listing:
        return Listing.IN_FORCE if number == "（2024）1号" else Listing.UNKNOWN


FACTS: dict[str, Any] = {"item": "食品经营许可"}


def act(name: str, on: date, entered: Entered = Entered.LIVE, **fields: Any) -> Act:
    known = listed(LICENCE, name, on, fields, FACTS, lists=Lists())
    return Act(name, on, fields=fields, entered=entered, listed=known)


def refused(new: Act, *before: Act) -> list[tuple[str, str]]:
    return [(one.kind, one.reason) for one in engine.refusals(LICENCE, FACTS, before, new, ON)]


def test_what_is_in_force_on_the_day_is_let_through() -> None:
    received = act("receive", date(2023, 5, 4))
    assert received.listed == {"fact:item": Listing.IN_FORCE}
    assert refused(received) == []
    assert refused(act("charge", date(2023, 12, 31), fee="工本费"), received) == []
    assert refused(act("link", date(2024, 1, 5), suit="（2024）1号"), received) == []


@pytest.mark.parametrize(
    ("name", "fields", "why"),
    [
        ("charge", {"fee": "工本费"}, "在2024年1月1日已经失效"),
        ("charge", {"fee": "加急费"}, "没有登记"),
        ("link", {"suit": "（2024）2号"}, "没有这一编号的事项"),
    ],
)
def test_what_is_not_there_is_refused_and_stands_as_a_finding(name: str, fields: Any, why: str) -> None:
    received = act("receive", date(2023, 5, 4))
    ((kind, reason),) = refused(act(name, date(2024, 1, 1), **fields), received)
    assert kind == "unlisted" and why in reason
    back = act(name, date(2024, 1, 1), Entered.BACK, **fields)
    found = engine.findings(LICENCE, FACTS, (received, back), ON)
    assert [one.kind.value for one in found] == ["unlisted"]


def test_a_case_is_not_opened_for_an_unknown_item() -> None:
    facts = {"item": "已取消的事项"}
    known = listed(LICENCE, "receive", date(2024, 1, 1), {}, facts, lists=Lists())
    new = Act("receive", date(2024, 1, 1), listed=known)
    assert [one.kind for one in engine.refusals(LICENCE, facts, (), new, ON)] == ["unlisted"]


def test_what_nobody_asked_is_not_judged() -> None:
    """A scenario without registers says nothing on them."""
    assert (
        refused(Act("charge", date(2024, 1, 1), fields={"fee": "加急费"}), act("receive", date(2023, 5, 4)))
        == []
    )


def test_a_correction_brings_its_own_standing() -> None:
    received = act("receive", date(2023, 5, 4))
    wrong = act("charge", date(2024, 1, 1), Entered.BACK, fee="工本费")
    mended = Correction(of=2, changes={"on": "2023-12-01", "listed": {"fee": "in_force"}}, reason="日期录错")
    assert effective((received, wrong, mended))[1].listed == {"fee": Listing.IN_FORCE}
    kinds = [one.kind.value for one in engine.findings(LICENCE, FACTS, (received, wrong, mended), ON)]
    assert "unlisted" not in kinds


def test_each_item_of_a_list_of_entries_is_judged() -> None:
    received = act("receive", date(2023, 5, 4))
    good = act("look", date(2023, 6, 1), fees=["工本费"])
    assert good.listed == {"fees[工本费]": Listing.IN_FORCE} and refused(good, received) == []
    ((kind, reason),) = refused(act("look", date(2023, 6, 1), fees=["工本费", "加急费"]), received)
    assert kind == "unlisted" and "“加急费”没有登记" in reason
    back = act("look", date(2024, 6, 1), Entered.BACK, fees=["工本费", "加急费"])
    found = engine.findings(LICENCE, FACTS, (received, back), ON)
    assert [one.kind.value for one in found] == ["unlisted", "unlisted"]
    mended = Correction(of=2, changes={"fields": {"fees": []}, "listed": {}}, reason="填错")
    kinds = [one.kind.value for one in engine.findings(LICENCE, FACTS, (received, back, mended), ON)]
    assert kinds == ["back_entry"]
