"""Mechanisms of open government, hotline and public opinion (D11), walked through the ledger's actions.

"works" stands only where every clause of the row is shown here or in a test it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.county import County
from tests.ledger.registers import sample
from tests.scenarios.acting import play
from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    ActionRefused,
    OpenCase,
    PublishEntry,
    RecordAct,
    ReviseEntry,
)
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.figures.counting import Counted, count
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, Entry, Organization, Role
from yifa.ledger.search.queries import due_within, overdue
from yifa.procedures.model import ClockStatus
from yifa.reporting.actions import BuildReport
from yifa.reporting.content import paper

pytestmark = pytest.mark.django_db
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
ON = date(2025, 12, 20)


def figure(rule: str, unit: Organization, period: tuple[date, date] = YEAR) -> Counted:
    return count(rule, unit, *period)


def value(rule: str, unit: Organization, period: tuple[date, date] = YEAR) -> Decimal | None:
    return figure(rule, unit, period).value


def gaps(name: str, unit: Organization, on: date = ON) -> list[str]:
    return sorted(gap.title for gap in find(name, unit, on))


def entry(at: Organization, register: str, **data: Any) -> Entry:
    kind = catalogue().registers[register]
    given = {kind.begins or "": "2024-01-01"} | data if kind.begins else data
    return PublishEntry(
        actor=None,
        organization=at,
        register=register,
        on=date(2024, 1, 2),
        data=sample(register, data) | given,
    ).execute()


def opened(at: Organization, case_type: str, on: date, facts: Mapping[str, Any], **more: Any) -> Case:
    return OpenCase(
        actor=None, organization=at, case_type=case_type, on=on, facts=dict(facts), **more
    ).execute()


def act(case: Case, name: str, on: date, outcome: str | None = None, **more: Any) -> None:
    papers = [
        {"title": title, "attachment": None}
        for title in catalogue().case_types[case.case_type].acts[name].evidence
    ]
    RecordAct(
        actor=None,
        case=case,
        act=name,
        on=on,
        outcome=outcome,
        fields=more.pop("fields", {}),
        evidence=papers,
        **more,
    ).execute()


def published(
    at: Organization,
    index_no: str,
    on: date = date(2025, 3, 10),
    channels: tuple[str, ...] = ("政府网站",),
    **facts: Any,
) -> Case:
    """An item formed a week before, reviewed, signed off and published on some channels."""
    given = {"title": f"信息{index_no}", "index_no": index_no, "category": "财政预算决算"} | facts
    case = opened(at, "disclosure_item", date(on.year, on.month, 3), given, by="甲一", outcome="形成")
    act(case, "secrecy_review", date(on.year, on.month, 4), "可以公开", by="乙二", role="reviewer")
    act(case, "approve", date(on.year, on.month, 5), "同意公开", by="丙三")
    for channel in channels:
        act(case, "publish", on, fields={"channel": channel, "url": f"https://a.example/{index_no}"})
    return case


@pytest.mark.mechanism("D11-01", "works")
def test_guide_and_catalogue_have_versions_and_what_stands_still_is_listed(county: County) -> None:
    office = county.justice
    guide = entry(
        office,
        "disclosure_guides",
        code="ZN-1",
        name="指南",
        organ=office.name,
        office="公开办",
        phone="1",
        review_months=12,
    )
    ReviseEntry(
        actor=None, entry=guide, data=guide.data | {"phone": "2"}, on=date(2025, 6, 3), reason="换号"
    ).execute()
    assert [(version.data["phone"], version.happened_on.year) for version in guide.versions.all()] == [
        ("1", 2024),
        ("2", 2025),
    ]
    looked_at = [gaps("guides_not_updated", county.body, day) for day in (date(2025, 1, 1), date(2025, 1, 2))]
    assert looked_at == [
        [],
        ["指南"],
    ]  # in force since 1 January 2024, to be looked at again within twelve months
    anew = {
        "name": "指南（新版）",
        "organ": office.name,
        "office": "公开办",
        "phone": "2",
        "since": "2025-06-03",
    }
    entry(office, "disclosure_guides", code="ZN-2", **anew)
    assert gaps("guides_not_updated", county.body) == []
    assert office.name not in gaps("units_without_guide", county.body)
    assert county.market.name in gaps("units_without_guide", county.body)
    for code, months in (("ML-1", 6), ("ML-2", 12)):
        entry(office, "disclosure_catalogue", code=code, name=f"每{months}月", update_months=months)
    entry(office, "disclosure_catalogue", code="ML-3", name="不定期")
    assert gaps("catalogue_items_stale", county.body) == ["每12月", "每6月"]
    published(office, "A-1", catalogue_item="ML-1")
    published(office, "A-2", catalogue_item="ML-2")
    assert gaps("catalogue_items_stale", county.body, date(2025, 9, 10)) == []
    assert gaps("catalogue_items_stale", county.body, date(2025, 9, 11)) == ["每6月"]
    with pytest.raises(ActionRefused, match="ML-9"):
        published(office, "A-3", catalogue_item="ML-9")


@pytest.mark.mechanism("D11-02", "works")
@pytest.mark.mechanism("D11-12", "works")
def test_one_item_on_many_channels_is_one_in_every_count(county: County) -> None:
    published(county.justice, "A-1", channels=("政府网站", "政务微信", "政务微博", "公示栏和宣传栏"))
    published(county.market, "A-2", category="监督检查")
    published(county.market, "A-3", on=date(2025, 5, 12), category="监督检查", channels=("公示栏和宣传栏",))
    whole = figure("disclosure_items_published", county.body)
    assert (whole.value, whole.parts) == (3, {"财政预算决算": 1, "监督检查": 2})
    assert sum(whole.parts.values()) == whole.value
    assert [record.on for record in whole.records] == [
        date(2025, 3, 10),
        date(2025, 3, 10),
        date(2025, 5, 12),
    ]
    assert value("disclosure_items_published", county.body, (date(2025, 5, 1), date(2025, 5, 31))) == 1
    by_channel = [
        value(f"disclosure_items_on_{name}", county.body) for name in ("website", "accounts", "boards")
    ]
    assert (by_channel, value("disclosure_channel_records", county.body)) == ([2, 1, 2], 6)
    with pytest.raises(ActionRefused, match="网址"):
        case = Case.objects.get(facts__index_no="A-2")
        act(case, "publish", date(2025, 6, 3), fields={"channel": "政务微信"})
    assert gaps("disclosure_items_registered_twice", county.body) == []
    published(county.justice, "A-2", on=date(2025, 6, 10))
    assert len(gaps("disclosure_items_registered_twice", county.body)) == 2


@pytest.mark.mechanism("D11-04", "works")
def test_nothing_is_published_without_the_review_of_another_and_the_signature_of_a_third(
    county: County,
) -> None:
    entry(county.justice, "secrecy_reviewers", code="BM-1", name="乙二", unit=county.justice.name)
    facts = {"title": "某项决算", "index_no": "B-1", "category": "财政预算决算"}
    case = opened(county.justice, "disclosure_item", date(2025, 3, 3), facts, by="甲一")
    channel = {"channel": "政府网站", "url": "https://a.example/b1"}
    with pytest.raises(ActionRefused, match="保密和依法审查"):
        act(case, "publish", date(2025, 3, 4), fields=channel)
    with pytest.raises(ActionRefused, match="三个人"):
        act(case, "secrecy_review", date(2025, 3, 4), "可以公开", by="甲一", role="reviewer")
    act(
        case,
        "secrecy_review",
        date(2025, 3, 4),
        "可以公开",
        by="乙二",
        role="reviewer",
        fields={"reviewer": "BM-1"},
    )
    with pytest.raises(ActionRefused, match="审签"):
        act(case, "publish", date(2025, 3, 5), fields=channel)
    act(case, "approve", date(2025, 3, 5), "同意公开", by="丙三")
    act(case, "publish", date(2025, 3, 6), fields=channel)
    chain = {line.act: line.actor for line in case.acts.exclude(act="publish")}
    assert chain == {"form": "甲一", "secrecy_review": "乙二", "approve": "丙三"}
    assert county.market.name in gaps("units_without_secrecy_reviewer", county.body)
    assert county.justice.name not in gaps("units_without_secrecy_reviewer", county.body)
    play("information_request/three_persons", county.body)


@pytest.mark.mechanism("D11-05", "works")
def test_the_yearly_report_balances_what_came_in_with_what_went_out(county: County) -> None:
    def request(on: date, answered: date | None = None, outcome: str = "予以公开") -> Case:
        case = opened(county.justice, "information_request", on, {"content": f"信息{on}"})
        if answered is not None:
            act(case, "answer", answered, outcome)
        return case

    request(date(2024, 12, 20), date(2025, 1, 6))
    request(date(2024, 12, 2), date(2024, 12, 20))  # answered, but not delivered at the year's end
    request(date(2025, 3, 3), date(2025, 3, 20), "部分公开")
    request(date(2025, 4, 7), date(2025, 4, 20), "信息不存在")
    act(request(date(2025, 5, 6)), "withdraw", date(2025, 5, 9))
    request(date(2025, 12, 22))
    published(county.justice, "A-1")
    entry(
        county.justice,
        "disclosure_disputes",
        code="F-1",
        subject="某申请",
        way="行政复议",
        result="结果维持",
        decided="2025-07-01",
    )
    numbers = {
        name: value(f"information_requests_{name}", county.body) or 0
        for name in (
            "carried_over",
            "received",
            "disclosed",
            "partly_disclosed",
            "refused",
            "not_available",
            "not_processed",
            "dropped",
            "carried_forward",
        )
    }
    assert (numbers["carried_over"], numbers["received"], numbers["carried_forward"]) == (1, 4, 1)
    came = numbers.pop("carried_over") + numbers.pop("received")
    assert came == sum(numbers.values()) == 5
    after = value("information_requests_carried_over", county.body, (date(2026, 1, 1), date(2026, 1, 31)))
    assert after == numbers["carried_forward"]
    judged = (("工作考核", county.justice), ("工作考核", county.market), ("社会评议", county.justice))
    for number, (kind, unit) in enumerate(judged):
        entry(county.body, "disclosure_evaluations", code=f"KP-{number}", kind=kind, evaluated=unit.name,
              held_on=f"2025-1{number}-10", result="良好", document="澜政办〔2025〕9号")  # fmt: skip
    for unit in (county.justice, county.housing):
        entry(
            unit,
            "disclosure_guides",
            code=unit.code,
            name="指南",
            organ=unit.name,
            office="公开办",
            phone="1",
        )
    assert gaps("units_without_disclosure_assessment", county.body) == ["指南"]
    (gap,) = find("units_without_disclosure_assessment", county.body, ON)
    assert gap.organization == county.housing.name
    report = BuildReport(
        actor=None, organization=county.body, year=2025, outline="disclosure_report"
    ).execute()
    text = paper(report).text
    assert "工作考核2项、社会评议1项、责任追究0项" in text
    assert "上年结转申请1件，本年新收申请4件" in text and "主动公开政府信息1条" in text
    assert "被申请行政复议1件" in text and "本年度没有制发和废止行政规范性文件" in text, text


@pytest.mark.mechanism("D11-06", "works")
def test_key_fields_have_a_checklist_with_the_day_of_publication(county: County) -> None:
    for code, day in (("ZD-1", "2025-03-31"), ("ZD-2", "2025-03-31"), ("ZD-3", "2026-03-31")):
        entry(county.justice, "key_disclosures", code=code, name=code, field="财政预算决算", publish_by=day)
    assert gaps("key_items_not_published", county.body, date(2025, 3, 30)) == []
    published(county.justice, "A-1", key_item="ZD-1")
    assert gaps("key_items_not_published", county.body) == ["ZD-2"]


@pytest.mark.mechanism("D11-07", "works")
def test_the_matrix_of_standard_items_and_towns_lists_its_empty_cells(county: County) -> None:
    for code in ("BZ-1", "BZ-2"):
        entry(county.body, "standard_disclosure_items", code=code, name=code, field="社会救助")
    first, second = county.towns
    published(first, "A-1", standard_item="BZ-1")
    published(first, "A-2", standard_item="BZ-2")
    published(second, "A-3", standard_item="BZ-2")
    assert gaps("standard_items_not_disclosed", county.body) == [f"BZ-1：{second.name}"]
    assert gaps("standard_items_not_disclosed", first) == []


def ticket(at: Organization, number: str, channel: str, on: date, **facts: Any) -> Case:
    given = {"subject": f"诉求{number}", "ticket_no": number, "channel": channel} | facts
    return opened(at, "hotline_ticket", on, given)


@pytest.mark.mechanism("D11-09", "works")
def test_a_ticket_has_clock_owner_answer_and_call_back_and_callers_are_grouped(county: County) -> None:
    county.body.jurisdiction = "anyang"
    county.body.save()
    viewer = county.user(Role.SUPERVISOR, county.body)
    one = ticket(county.justice, "T-1", "12345热线", date(2025, 3, 3), caller="王0001")
    act(one, "dispatch", date(2025, 3, 3), fields={"to": county.housing.name})
    clock = state_of(one, date(2025, 3, 5)).clocks["handling"]
    assert (clock.due, clock.state) == (date(2025, 3, 10), ClockStatus.RUNNING)
    assert [c.case_id for c in due_within(viewer, date(2025, 3, 5), date(2025, 3, 10))] == [one.pk]
    assert [c.case_id for c in overdue(viewer, date(2025, 3, 11))] == [one.pk]
    with pytest.raises(ActionRefused, match="答复"):
        act(one, "call_back", date(2025, 3, 5), "满意")
    act(one, "reply", date(2025, 3, 7), "已解决")
    two = ticket(county.justice, "T-2", "12315热线", date(2025, 4, 7), caller="王0001")
    ticket(county.justice, "T-3", "12345热线", date(2025, 4, 8), caller="李0002")
    assert gaps("hotline_repeated_callers", county.body, date(2025, 5, 6)) == ["诉求T-1", "诉求T-2"]
    assert (value("hotline_callers", county.body), value("hotline_tickets_received", county.body)) == (2, 3)
    assert (value("hotline_tickets_12345", county.body), value("hotline_tickets_12315", county.body)) == (
        2,
        1,
    )
    act(two, "answer_directly", date(2025, 4, 7))
    act(two, "close", date(2025, 4, 8))
    act(one, "close", date(2025, 3, 12))
    assert gaps("hotline_tickets_not_called_back", county.body) == ["诉求T-1"]
    assert value("hotline_on_time_rate", county.body) == 100


@pytest.mark.mechanism("D11-10", "works")
def test_inquiries_of_the_portal_are_tickets_too_and_none_is_counted_twice(county: County) -> None:
    web = ticket(county.justice, "W-1", "网上咨询投诉", date(2025, 3, 3))
    act(web, "answer_directly", date(2025, 3, 3))
    ticket(county.market, "W-1", "12345热线", date(2025, 3, 4))  # the same, passed on by telephone
    assert value("web_inquiries_received", county.body) == value("web_inquiries_answered", county.body) == 1
    assert value("hotline_tickets_received", county.body) == 1
    assert value("hotline_tickets_registered", county.body) == 2
    assert gaps("hotline_tickets_registered_twice", county.body) == ["诉求W-1", "诉求W-1"]


@pytest.mark.mechanism("D11-11", "works")
def test_a_digest_item_goes_from_the_leader_to_an_owner_and_to_a_result(county: County) -> None:
    facts = {
        "subject": "网传某桥有裂缝",
        "source": "短视频",
        "media_complaint": True,
        "respond_by": "2025-03-12",
    }
    case = opened(county.justice, "opinion_item", date(2025, 3, 10), facts)
    with pytest.raises(ActionRefused, match="舆情快报"):
        act(case, "instruct", date(2025, 3, 10), role="leader", fields={"text": "速核"})
    act(case, "digest", date(2025, 3, 10), fields={"issue": "第31期"})
    act(case, "instruct", date(2025, 3, 10), role="leader", fields={"text": "速核"})
    assert gaps("opinion_items_not_assigned", county.body) == ["网传某桥有裂缝"]
    act(case, "assign", date(2025, 3, 10), fields={"owner": county.housing.name})
    assert gaps("opinion_items_not_assigned", county.body) == []
    act(case, "handle", date(2025, 3, 11), "不属实")
    act(case, "respond", date(2025, 3, 12), "澄清不实信息")
    assert state_of(case, ON).clocks["response"].state is ClockStatus.KEPT
    rules = (
        "opinion_items_digested",
        "opinion_items_answered",
        "media_complaints_answered",
        "opinion_digest_issues",
    )
    assert [value(rule, county.body) for rule in rules] == [1, 1, 1, 1]
    assert value("opinion_answer_rate", county.body) == 100
