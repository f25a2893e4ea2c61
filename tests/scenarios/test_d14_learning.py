"""Mechanisms of study, statements, exams, publicity and staff (D14), walked through the ledger's actions.

"works" stands only where every clause of the row is shown here or in a test it names; at "partly" the comment says
what is missing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.county import County
from tests.scenarios.acting import list_entry
from tests.scenarios.entering import ON, THIS_YEAR, figure, gaps, opened, paper_of, published, recorded
from yifa.ledger.actions import ActionRefused, ReviseEntry
from yifa.ledger.figures.gaps import find
from yifa.ledger.models import Case, Organization
from yifa.ledger.search.queries import entries, in_force

pytestmark = pytest.mark.django_db


def study(at: Organization, on: date, hours: float = 2, kind: str = "中心组学法") -> Case:
    persons = ["甲一", "乙二", f"丙{on.month}"]
    fields = {"attendees": 3, "persons": persons, "hours": hours}
    facts = {"subject": "行政处罚法", "kind": kind}
    return opened(at, "study_session", on, "hold", facts=facts, fields=fields)


def training(at: Organization, on: date, certificates: list[str], hours: float, **facts: Any) -> Case:
    fields = {"attendees": len(certificates) or 20, "hours": hours, "certificates": certificates}
    said = {"subject": "执法程序", "audience": "行政执法人员"} | facts
    return opened(at, "training", on, "hold", facts=said, fields=fields)


@pytest.mark.mechanism("D14-01", "works")
def test_study_is_held_against_the_units_own_plan_and_every_shortfall_is_listed(county: County) -> None:
    """Date, hours, subject, attendance of each session; sessions, hours, lectures and the interval of the plan."""
    for unit, hours in ((county.body, 6), (county.justice, 2)):
        published(
            unit, "study_plans", code=f"XF-{unit.code}", study_unit=unit.name, document="学法计划",
            minimum_sessions=2, minimum_hours=hours, minimum_lectures=1, minimum_trainings=1, **THIS_YEAR,
        )  # fmt: skip
    for day in (date(2024, 3, 4), date(2024, 9, 2)):
        study(county.body, day)
    study(county.body, date(2024, 9, 9), hours=1.5, kind="法治讲座")
    study(county.justice, date(2024, 5, 6))
    assert gaps("study_plans_short_of_sessions", county.body) == ["澜亭县司法局"]
    assert gaps("study_plans_short_of_hours", county.body) == ["澜亭县人民政府"]  # 5.5 of 6
    assert gaps("study_plans_short_of_lectures", county.body) == ["澜亭县司法局"]
    training(county.justice, date(2024, 4, 8), [], 2)
    assert gaps("study_plans_short_of_trainings", county.body) == ["澜亭县人民政府"]
    assert gaps("study_plans_short_of_group_sessions", county.body) == []  # the plan says nothing of it
    missing = gaps("study_units_without_plan", county.body)
    assert "澜亭县市场监督管理局" in missing and "澜亭县司法局" not in missing
    (short,) = find("study_plans_short_of_hours", county.body, ON)
    assert (short.found, short.wanted) == (5.5, "不少于6")
    sessions = figure("study_sessions", county.body)
    assert sessions.parts == {"中心组学法": 3, "法治讲座": 1}
    assert figure("study_attendances", county.body).value == 12
    assert figure("study_session_persons", county.body).value == 5  # 甲一, 乙二 and three others
    held = Case.objects.get(pk=sessions.records[0].id).acts.get(act="hold")
    assert (held.happened_on, held.fields["hours"], held.fields["persons"][0]) == (
        date(2024, 3, 4),
        2,
        "甲一",
    )


@pytest.mark.mechanism("D14-02", "works")
def test_a_statement_stands_beside_the_records_of_the_duties(county: County) -> None:
    """Each claim names its record; one without a record is refused, noted, and listed."""
    published(
        county.body, "principal_duties", code="ZZ-1", person="甲一", post="县长", duty="研究执法监督", minimum=1, **THIS_YEAR
    )  # fmt: skip
    published(
        county.body, "principal_duties", code="ZZ-2", person="甲一", post="县长", duty="带头学法", minimum=1, **THIS_YEAR
    )  # fmt: skip
    assert gaps("principals_without_statement", county.body) == ["甲一"]  # one person, not each duty
    opened(
        county.body, "duty_record", date(2024, 5, 6), by="乙二",
        facts={"subject": "常务会议研究执法监督", "person": "甲一", "duty": "ZZ-1"}, fields={"did": "主持会议"},
        evidence=paper_of("会议纪要、批示或者现场记录"),
    )  # fmt: skip
    facts = {"person": "甲一", "post": "县长", "kind": "政府主要负责人", "year": 2024}
    statement = opened(
        county.body, "legal_statement", date(2024, 12, 2), facts=facts, by="甲一",
        fields={"statement": "研究执法监督，带队督察"}, evidence=paper_of("述法报告"),
    )  # fmt: skip
    assert gaps("principals_without_statement", county.body) == []
    assert gaps("statements_unsupported", county.body) == ["甲一"]
    with pytest.raises(ActionRefused, match="对照履职记录"):
        recorded(statement, "score", date(2024, 12, 9), by="丁四", role="assessor", fields={"points": 90})
    with pytest.raises(ActionRefused):
        recorded(
            statement,
            "support",
            date(2024, 12, 4),
            by="乙二",
            fields={"claim": "带队督察", "record": "带队督察"},
        )
    support = {"claim": "研究执法监督", "record": "常务会议研究执法监督"}
    recorded(statement, "support", date(2024, 12, 4), by="乙二", fields=support)
    recorded(statement, "note_unsupported", date(2024, 12, 4), by="乙二", fields={"claim": "带队督察"})
    recorded(statement, "ask", date(2024, 12, 5), fields={"question": "督察了谁"})
    with pytest.raises(ActionRefused, match="尚未答复"):
        recorded(statement, "score", date(2024, 12, 9), by="丁四", role="assessor", fields={"points": 90})
    recorded(statement, "answer", date(2024, 12, 5), by="甲一", fields={"answer": "没有记录"})
    with pytest.raises(ActionRefused, match="不得给自己"):
        recorded(statement, "score", date(2024, 12, 9), by="甲一", role="leader", fields={"points": 100})
    recorded(statement, "score", date(2024, 12, 9), by="丁四", role="assessor", fields={"points": 82})
    assert gaps("statements_unsupported", county.body) == []
    figures = {
        name: figure(f"legal_statement_{name}", county.body).value
        for name in ("claims_supported", "claims_unsupported", "questions", "points")
    }
    assert figures == {"claims_supported": 1, "claims_unsupported": 1, "questions": 1, "points": Decimal(82)}
    assert figure("legal_statements", county.body).parts == {"政府主要负责人": 1}


@pytest.mark.mechanism("D14-03", "works")
def test_an_exam_names_its_bank_and_the_pass_rate_is_of_persons_by_unit(county: County) -> None:
    list_entry("question_banks", "通用题库", county.justice, {})
    facts = {"subject": "年度学法考试", "kind": "年度学法考试", "pass_mark": 60}
    with pytest.raises(ActionRefused, match="题库"):
        opened(county.justice, "exam", date(2024, 5, 6), facts=facts | {"bank": "没有登记的题库"})
    for unit, results in (
        (county.justice, (("甲一", 1, "合格"), ("乙二", 1, "不合格"), ("乙二", 2, "合格"))),
        (county.market, (("丙三", 1, "合格"), ("丁四", 1, "不合格"), ("戊五", 1, "缺考"))),
    ):
        case = opened(unit, "exam", date(2024, 5, 6), facts=facts | {"bank": "通用题库"})
        for day, (person, attempt, outcome) in enumerate(results, start=13):
            fields = {"person": person, "attempt": attempt}
            recorded(case, "sit", date(2024, 5, day), outcome=outcome, fields=fields)
    units = (county.justice, county.market, county.body)
    assert [figure("exam_pass_rate", unit).value for unit in units] == [100, 50, 75]
    assert [figure("exam_attempt_pass_rate", unit).value for unit in units[:2]] == [Decimal("66.67"), 50]
    assert [figure("exam_attempts", unit).value for unit in units] == [3, 2, 5]
    assert figure("exam_persons", county.body).value == 4


@pytest.mark.mechanism("D14-04", "works")
def test_hours_are_those_of_each_officer_and_the_ones_below_the_minimum_are_listed(county: County) -> None:
    officers = {"A1": "甲一", "A2": "乙二", "A3": "丙三"}
    for number, name in officers.items():
        said = {"name": name, "unit": county.market.name, "status": "在岗"}
        list_entry("enforcement_officers", number, county.market, said)
    for number in ("A1", "A2"):
        published(
            county.market, "officer_hour_plans", code=f"XS-{number}", certificate=number, name=officers[number],
            hours=8, document="本县规定", **THIS_YEAR,
        )  # fmt: skip
    training(county.justice, date(2024, 3, 4), ["A1", "A2"], 4)  # held by another unit
    training(county.market, date(2024, 6, 3), ["A1"], 4)
    training(county.market, date(2023, 6, 5), ["A2"], 8)  # of another year
    (short,) = find("officers_short_of_hours", county.market, ON)
    assert (short.title, short.found, short.wanted) == ("乙二", 4, "不少于8")
    assert gaps("officers_without_hour_plan", county.market) == ["丙三"]
    assert figure("officer_training_hours", county.body).value == 8  # hours of sessions, not times people
    assert figure("officers_trained", county.body).value == 2


@pytest.mark.mechanism("D14-05", "works")
@pytest.mark.mechanism("D14-09", "works")
def test_sessions_of_a_series_are_told_apart(county: County) -> None:
    for month, series in ((3, "法治专题培训"), (4, "法治专题培训"), (5, "政务大讲堂")):
        training(county.justice, date(2024, month, 4), [], 3, series=series, audience="其他工作人员")
    training(county.justice, date(2024, 6, 4), [], 3)
    assert figure("trainings_in_series", county.body).parts == {"法治专题培训": 2, "政务大讲堂": 1}
    assert figure("trainings", county.body).value == 4


@pytest.mark.mechanism("D14-06", "works")
def test_courses_of_the_party_school_are_listed_by_term(county: County) -> None:
    for number, term, begins, hours in ((1, "春季学期", "2024-03-04", 6), (2, "秋季学期", "2024-09-02", 3)):
        published(
            county.body, "training_courses", code=f"KC-{number}", name=f"课程{number}", term=term, hours=hours,
            starts=begins,
        )  # fmt: skip
    assert figure("party_school_courses", county.body).parts == {"春季学期": 1, "秋季学期": 1}
    assert figure("party_school_hours", county.body).value == 9


@pytest.mark.mechanism("D14-07", "works")
def test_duties_of_publicity_have_activities_with_evidence_and_cases_are_linked(county: County) -> None:
    for number in ("PF-1", "PF-2"):
        published(
            county.market, "publicity_duties", code=number, department=county.market.name, content=f"责任{number}",
            law="食品安全法", **THIS_YEAR,
        )  # fmt: skip
    list_entry("enforcement_bodies", county.market.name, county.market, {"kind": "法定行政机关"})
    penalty = opened(
        county.market, "administrative_penalty", date(2024, 3, 4),
        facts={"subject": "无证经营案", "party": "丙三", "party_kind": "公民", "body": county.market.name},
    )  # fmt: skip
    facts = {"subject": "以案说法", "kind": "以案普法", "target_class": "企业经营管理人员", "duty": "PF-1"}
    fields = {"place": "集贸市场", "attendees": 40}
    papers = paper_of("活动照片或者签到表")
    with pytest.raises(ActionRefused, match="所用的案件"):
        opened(
            county.market, "publicity_activity", date(2024, 5, 6), "hold", facts=facts, fields=fields, evidence=papers
        )  # fmt: skip
    with pytest.raises(ActionRefused, match="案件"):
        opened(
            county.market, "publicity_activity", date(2024, 5, 6), "hold", facts=facts | {"penalty": "没有的案件"},
            fields=fields, evidence=papers,
        )  # fmt: skip
    activity = opened(
        county.market, "publicity_activity", date(2024, 5, 6), "hold",
        facts=facts | {"penalty": penalty.number or penalty.title}, fields=fields, evidence=papers,
    )  # fmt: skip
    assert activity.acts.get().evidence == papers
    assert gaps("publicity_duties_without_activity", county.body) == ["责任PF-2"]
    for card, unit in (("A1", county.market), ("A2", county.housing)):
        list_entry("enforcement_officers", card, unit, {"name": card, "unit": unit.name, "status": "在岗"})
    assert gaps("publicity_departments_without_list", county.body) == ["A2"]
    assert figure("publicity_by_cases", county.body).value == 1
    assert figure("publicity_duties_met", county.body).value == 1


@pytest.mark.mechanism("D14-08", "works")
def test_activities_have_class_place_and_people_and_classes_not_reached_are_listed(county: County) -> None:
    for number, target in enumerate(("青少年", "务工人员"), start=1):
        published(
            county.justice,
            "publicity_targets",
            code=f"DX-{number}",
            target_class=target,
            minimum=2,
            **THIS_YEAR,
        )
    for day, target, venue in ((4, "青少年", "学校"), (5, "青少年", "学校"), (6, "务工人员", "企业")):
        activity(county, date(2024, 12, day), target_class=target, kind="宪法宣传周", venue=venue)
    activity(county, date(2024, 11, 4))
    assert figure("publicity_by_venue", county.body).parts == {
        "学校": 2,
        "企业": 1,
    }  # one went nowhere in particular
    assert figure("publicity_by_class", county.body).parts == {"青少年": 2, "务工人员": 1, "社会公众": 1}
    (short,) = find("publicity_targets_not_reached", county.body, ON)
    assert (short.title, short.found, short.wanted) == ("务工人员", 1, "不少于2")
    assert figure("publicity_attendances", county.body).value == 200
    assert figure("publicity_constitution_week", county.body).value == 3
    assert figure("publicity_classes_reached", county.body).value == 3


def activity(county: County, on: date, **facts: Any) -> Case:
    said = {"subject": "宪法宣传", "kind": "阵地活动", "target_class": "社会公众"} | facts
    return opened(
        county.justice, "publicity_activity", on, "hold", facts=said, fields={"place": "广场", "attendees": 50},
        evidence=paper_of("活动照片或者签到表"),
    )  # fmt: skip


@pytest.mark.mechanism("D14-10", "works")
def test_platform_learning_is_kept_by_person_and_period_and_not_entered_twice(county: County) -> None:
    said = {"person": "甲一", "department": county.justice.name, "platform": "平台", "hours": 12, **THIS_YEAR}
    published(county.justice, "learning_records", code="PT-1", **said)
    with pytest.raises(ActionRefused, match="PT-1"):
        published(county.justice, "learning_records", code="PT-1", **said)
    published(county.justice, "learning_records", code="PT-2", **said | {"hours": 3})
    assert figure("platform_hours", county.body).value == 15
    assert figure("platform_learners", county.body).value == 1


@pytest.mark.mechanism("D14-11", "works")
def test_places_of_publicity_are_a_register_and_activities_name_them(county: County) -> None:
    site = published(
        county.towns[0], "legal_sites", name="法治公园", kind="法治公园广场", opened="2023-05-01"
    )
    published(county.towns[0], "legal_sites", name="演出队", kind="法治文艺队伍", opened="2023-05-01")
    activity(county, date(2024, 5, 6), site="法治公园")
    activity(county, date(2024, 6, 6), kind="律师下基层")
    with pytest.raises(ActionRefused):
        activity(county, date(2024, 7, 6), site="没有的阵地")
    assert figure("legal_sites_in_use", county.body).parts == {"法治公园广场": 1, "法治文艺队伍": 1}
    assert figure("publicity_activities", county.body).parts == {"阵地活动": 1, "律师下基层": 1}
    closed = site.data | {"closed": "2024-08-31"}
    ReviseEntry(actor=None, entry=site, data=closed, on=date(2024, 8, 31), reason="拆除").execute()
    assert figure("legal_sites_in_use", county.body).value == 1
    with pytest.raises(ActionRefused):
        activity(county, date(2024, 9, 6), site="法治公园")


@pytest.mark.mechanism("D14-12", "works")
@pytest.mark.mechanism("D1-07", "works")
def test_staff_is_counted_by_unit_with_qualification_and_against_the_cases(county: County) -> None:
    """D1-07: each duty falls to exactly one unit on any day; staff and the qualified are counted by unit."""
    for number, unit, qualified in (
        (1, county.justice, True),
        (2, county.justice, False),
        (3, county.market, True),
    ):
        published(
            unit, "legal_staff", code=f"RY-{number}", name=f"甲{number}", department=unit.name, post="法制岗",
            kind="法制审核人员", employment="行政编制", qualified=qualified, qualification=f"A{number}", since="2023-01-03",
        )  # fmt: skip
    assert figure("legal_staff_by_department", county.body).parts == {
        "澜亭县司法局": 2,
        "澜亭县市场监督管理局": 1,
    }
    assert figure("legal_staff_qualified", county.body).parts == {
        "澜亭县司法局": 1,
        "澜亭县市场监督管理局": 1,
    }
    assert figure("legal_staff_qualified_rate", county.justice).value == 50
    assert gaps("legal_staff_unqualified", county.body) == ["甲2"]
    assert "青石镇人民政府" in gaps("legal_staff_missing", county.body)
    list_entry("enforcement_bodies", county.market.name, county.market, {"kind": "法定行政机关"})
    for day in (4, 5, 6, 7, 8, 11):
        opened(
            county.market, "administrative_penalty", date(2024, 3, day),
            facts={"subject": f"案{day}", "party": "丙三", "party_kind": "公民", "body": county.market.name},
        )  # fmt: skip
    assert figure("penalties_per_legal_staff", county.body).value == 2  # six cases, three persons

    for duty in ("行政应诉", "执法监督", "文件审核"):
        published(county.body, "law_duties", duty=duty, starts="2023-01-01")
    for number, duty, unit, starts in (
        (1, "行政应诉", county.justice, "2023-01-01"),
        (2, "执法监督", county.justice, "2023-01-01"),
        (3, "执法监督", county.market, "2024-07-01"),
    ):
        published(
            county.body, "unit_duties", code=f"SD-{number}", duty=duty, department=unit.name, document="三定规定",
            starts=starts,
        )  # fmt: skip
    assert gaps("law_duties_without_unit", county.body) == ["文件审核"]
    assert gaps("law_duties_with_several_units", county.body, date(2024, 6, 30)) == []
    assert gaps("law_duties_with_several_units", county.body, date(2024, 7, 1)) == ["执法监督"]
    listed = entries(county.coordinator(), "unit_duties")
    on = {day: len(in_force(listed, day)) for day in (date(2024, 6, 30), date(2024, 7, 1))}
    assert on == {date(2024, 6, 30): 2, date(2024, 7, 1): 3}
