"""The reference pages say all that the data says, in words an official reads."""

from __future__ import annotations

import re
from datetime import date

import pytest

from yifa.law import reference
from yifa.law.loader import catalogue
from yifa.law.phrases import condition, duration, validity
from yifa.law.schema import CaseType, Condition, Duration, Unit

TYPES = catalogue().case_types.values()


@pytest.mark.parametrize("case_type", TYPES, ids=lambda item: item.case_type)
def test_a_page_names_every_act_clock_and_article(case_type: CaseType) -> None:
    page = reference.case_type_page(case_type)
    for name, act in case_type.acts.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {act.title} | `{name}` |"))
        assert act.basis is None or (act.basis.article or "") in row
        assert all(paper in row for paper in act.evidence)
        assert all(outcome in row for outcome in act.outcomes)
    for name, clock in case_type.clocks.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {clock.title} | `{name}` |"))
        for item in clock.at_most or clock.at_least or ():
            assert duration(item) in row


@pytest.mark.parametrize(
    "page", [reference.case_types_page, reference.registers_page, reference.counting_rules_page]
)
def test_tables_are_whole(page: object) -> None:
    """Every row of a table has as many cells as its head, and no English word stands outside `code`."""
    assert callable(page)
    width = 0
    for line in page().splitlines():
        if line.startswith("| "):
            cells = line.count("|") - line.count("\\|")
            width = width or cells
            assert cells == width, line
            words = re.sub(r"`[^`]*`|<br>", "", line)
            assert not re.search("[a-z]{3,}", words), line
        else:
            width = 0


def test_counting_page_names_every_rule_once() -> None:
    page = reference.counting_rules_page()
    for name in catalogue().counting_rules:
        assert page.count(f"`{name}`") == 1


PENALTY = catalogue().case_types["administrative_penalty"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"fact": "serious", "is": True}, "属于“情节复杂或者重大违法行为”"),
        ({"not": {"fact": "serious", "is": True}}, "不属于“情节复杂或者重大违法行为”"),
        ({"fact": "proposed_fine", "at_least": 200.5}, "“拟处罚款数额”不少于200.5"),
        ({"fact": "party_kind", "in": ["公民"]}, "“当事人类别”为公民之一"),
        ({"fact": "remedies_expire", "given": True}, "“复议和诉讼期限届满日”已填写"),
        ({"act": "request_hearing", "done": True}, "已经“当事人要求听证”"),
        ({"not": {"act": "request_hearing", "done": True}}, "没有“当事人要求听证”"),
        ({"act": "legal_review", "outcome": ["通过"]}, "“法制审核”的结果为通过"),
        ({"act": "decide", "field": "fine", "at_most": 3000}, "“作出行政处罚决定”的“罚款数额”不超过3000"),
        ({"level": ["town"]}, "乡镇政府、街道办事处"),
    ],
)
def test_conditions_in_words(written: dict[str, object], words: str) -> None:
    assert condition(Condition.model_validate(written), PENALTY) == words


def test_nested_conditions_keep_their_brackets() -> None:
    inner = {"any": [{"fact": "serious", "is": True}, {"fact": "complicated", "is": True}]}
    text = condition(
        Condition.model_validate({"all": [{"fact": "major_rights", "is": True}, inner]}), PENALTY
    )
    assert text.endswith("，并且（属于“情节复杂或者重大违法行为”或者属于“疑难复杂、涉及多个法律关系”）")


def test_durations_in_words() -> None:
    item = Duration.model_validate(
        {"law": "某法", "article": "第三条", "length": 10, "unit": Unit.WORKDAYS, "to": date(2023, 12, 31)}
    )
    assert duration(item) == "10个工作日（《某法》第三条，至2023年12月31日）"
    unknown = Duration.model_validate({"law": "某法", "note": "由省规定", "roll_over": True})
    assert duration(unknown) == "由本地规定（《某法》，末日遇法定休假日顺延，由省规定）"
    assert validity(date(2024, 1, 1), None) == "自2024年1月1日起"
