"""Of which kind a file is that a signal points at: by its case, by a number of the ledger, by what the decision is called."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from tests.county import County
from tests.scenarios.acting import play
from tests.supervision.drawing import noon
from yifa.law.loader import catalogue
from yifa.ledger.actions import OpenCase
from yifa.ledger.models import Case, CaseAct, Role
from yifa.supervision.daily import take_up
from yifa.supervision.filekinds import kind_called, numbers_in, sheet_of_kind
from yifa.supervision.signals import Signal, signals

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("清塘村宅基地处理决定", "其他"),
        ("澜城罚〔2026〕12号", "行政处罚"),
        ("对某店作出的处罚决定的强制执行", "行政强制"),
        ("不予行政许可决定", "行政许可"),
        ("职工工伤认定", "行政确认"),
        ("沿河路房屋征收补偿决定", "行政征收"),
        ("对征收补偿信息公开申请的答复", "政府信息公开"),
        ("注销登记（因行政处罚引起）", "行政确认"),
        ("", "其他"),
    ],
)
def test_a_decision_is_known_by_the_word_written_last(text: str, kind: str) -> None:
    assert kind_called(text) == kind


def test_every_kind_has_a_sheet_and_words_name_no_other() -> None:
    kinds = catalogue().case_types["case_review"].facts["file_kind"].choices or []
    own = {sheet.file_kind for sheet in catalogue().sheets.values()}
    assert own <= set(kinds) and {"其他", "行政强制", "行政检查"} <= own
    assert [sheet_of_kind(kind).file_kind == kind for kind in kinds] == [kind in own for kind in kinds]
    assert sheet_of_kind("行政征收").sheet == "general_file"
    assert {"澜城罚〔2026〕12号", "澜环许〔2025〕3号"} < {
        *numbers_in("不服澜城罚〔2026〕12号、澜环许〔2025〕3号")
    }
    assert numbers_in("没有文号的处理决定") == []


def reversed_(county: County, subject: str) -> Case:
    """A reconsideration of the county in which the housing bureau's decision was annulled."""
    case = OpenCase(
        actor=None, organization=county.body, case_type="reconsideration", on=DAY, entered="back",
        facts={"subject": subject, "applicant": "某村民", "respondent": county.housing.name},
    ).execute()  # fmt: skip
    CaseAct.objects.filter(case=case).update(act="decide", outcome="撤销或者部分撤销")
    return case


@pytest.mark.django_db
def test_a_reversed_decision_is_reviewed_as_what_it_is(county: County) -> None:
    for unit in (county.market, county.towns[0]):
        county.user(Role.REVIEWER, unit)
    with time_machine.travel(noon(DAY), tick=False):
        penalty = play("administrative_penalty/normal", county.housing).standing
        land = reversed_(county, "清塘村宅基地处理决定")
        wages = reversed_(county, "职工工伤认定")
        Case.objects.filter(pk=penalty.pk).update(number="澜建罚〔2026〕3号")
        fined = reversed_(county, "不服澜建罚〔2026〕3号")
        found: dict[Case, Signal] = {
            one.about: one for one in signals(None, county.body, DAY) if one.title == "行政复议纠错"
        }
        said = {case: (one.file_kind, one.sheet.sheet, one.file, one.unit) for case, one in found.items()}
        assert said[land] == ("其他", "general_file", None, county.housing)
        assert said[wages] == ("行政确认", "general_file", None, county.housing)
        assert said[fined] == ("行政处罚", "penalty_file", penalty, penalty.organization)
        opened = {one.case.title: one for one in take_up(DAY + timedelta(days=1)).reviews}
        review = opened["职工工伤认定"]
        assert review.case.facts["file_kind"] == "行政确认" and review.sheet == "general_file"
        assert opened["清塘村宅基地处理决定"].case.facts["file_kind"] == "其他"
