"""What supervision does by itself, the plans of inspections, and people's duties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from tests.county import County
from tests.scenarios.acting import play
from tests.supervision.drawing import entry, noon
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.models import Case, CaseAct, Role
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.naming import naming
from yifa.supervision.actions import SetItemDays
from yifa.supervision.daily import take_up
from yifa.supervision.duties import faults, leaders, lost_unreviewed
from yifa.supervision.findings import ITEM, standing, undated
from yifa.supervision.inspections import outside, plans

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.mark.mechanism("D2-03", "works")
def test_signals_and_findings_are_taken_up_by_themselves_and_once(county: County) -> None:
    for unit in (county.justice, county.housing):
        county.user(Role.REVIEWER, unit)
    with time_machine.travel(noon(DAY), tick=False):
        file = play("administrative_penalty/normal", county.market).standing
        RecordAct(
            actor=None, case=file, act="revoke", on=DAY, outcome="撤销", fields={"by_body": "法院"}, by="甲一"
        ).execute()
        OpenCase(
            actor=None, organization=county.body, case_type="official_proposal", on=DAY,
            facts={
                "subject": "清理逾期保证金", "number": "检建1号", "issuer": "澜亭县人民检察院",
                "kind": "行政公益诉讼诉前检察建议",
            },
            evidence=[{"title": "建议书", "attachment": None}],
        ).execute()  # fmt: skip
        entry(
            county.housing, "text_checks", serial="TJ1", title="年度报告稿", checked_on="2026-03-01", errors=2,
            findings=["文号不对", "合计不符"],
        )  # fmt: skip
        old = entry(
            county.housing, "text_checks", serial="TJ0", title="旧稿", checked_on="2025-06-01", errors=3
        )
        taken = take_up(DAY)
        assert [one.file for one in taken.reviews] == [file] and taken.reviews[0].scorings.count() == 2
        assert all(one.reviewer.organization != county.market for one in taken.reviews[0].scorings.all())
        items = {one.facts["source"]: one for one in taken.items}
        assert set(items) == {"人民检察院", "文稿体检"}
        assert (
            items["文稿体检"].organization == county.housing
            and "合计不符" in items["文稿体检"].facts["problem"]
        )
        assert old.key not in {one.facts["origin"] for one in taken.items}
        proposal = Case.objects.get(case_type="official_proposal")
        assert standing(items["人民检察院"]).origin == ("case", str(proposal.pk))
        assert items["人民检察院"].facts["due"] == "2026-05-02"  # two months to reply
        assert [one.pk for one in undated(Case.objects.all())] == [items["文稿体检"].pk]
        SetItemDays(
            actor=county.user(Role.SUPERVISOR, county.body), organization=county.body, items=[items["文稿体检"]],
            due=DAY + timedelta(days=20),
        ).execute()  # fmt: skip
        assert not undated(Case.objects.all()).exists()
        set_ = Case.objects.get(pk=items["文稿体检"].pk)
        with pytest.raises(ActionRefused, match="不需要再定期限"):
            SetItemDays(actor=None, organization=county.body, items=[set_], due=DAY).execute()
        again = take_up(DAY + timedelta(days=0))
        assert (again.reviews, again.items) == ((), ())
        assert Case.objects.filter(case_type=ITEM).count() == 2


def test_a_line_of_the_plan_counts_what_was_inspected_for_it_and_the_rest_needs_a_cause(
    county: County,
) -> None:
    user = county.user(Role.OFFICER, county.body)
    with time_machine.travel(noon(DAY), tick=False):
        line = {
            "way": "法治督察", "scope": "各局", "law": "督察规定", "number": 2, "starts": "2026-01-01", "ends": "2026-02-28",
        }  # fmt: skip
        entry(
            county.body, "planned_inspections", code="JH-1", subject="督察", **line | {"ends": "2026-12-31"}
        )
        entry(county.body, "planned_inspections", code="JH-2", subject="处罚督察", **line)
        plan = OpenCase(
            actor=None, organization=county.body, case_type="inspection_plan", on=DAY, by="甲一",
            facts={"name": "2026年度检查计划", "year": 2026},
        ).execute()  # fmt: skip

        def inspection(**facts: object) -> Case:
            given = {"subject": "督察", "kind": "定期检查", **facts}
            return OpenCase(
                actor=None, organization=county.body, case_type="law_inspection", on=DAY, facts=given, by="甲一",
                evidence=[{"title": "督察方案", "attachment": None}],
            ).execute()  # fmt: skip

        like = entry(county.housing, "planned_inspections", code="JH-1", subject="本局督察", **line)
        inside = inspection(plan_item="JH-1")
        for _ in range(2):
            RecordAct(
                actor=None, case=Case.objects.get(pk=inside.pk), act="inspect", on=DAY, by="丙三", role="supervisor",
                fields={"inspected": "澜亭县司法局", "found": "无", "problems": 0},
            ).execute()  # fmt: skip
        bare, told = inspection(), inspection(outside_cause="投诉集中")
        found, other = plans(user, 2026)
        named = {one: naming(one, user) for one in (found.lines[0].entry, found.lines[1].entry, like)}
    assert [(one.entry, one.done) for one in other.lines] == [(like, 0)], "another unit's line of that number"
    assert [[case for case, _ in one.cases] for one in named.values()] == [[inside], [], []]
    assert found.case == plan and plan.number.endswith("检计〔2026〕1号")
    shown = [(one.entry.key, one.cases, one.done, one.reached, one.late(DAY)) for one in found.lines]
    assert shown == [("JH-1", 1, 2, 100, False), ("JH-2", 0, 0, 0, True)]
    assert outside(user, 2026) == [(bare, ""), (told, "投诉集中")]
    (own,) = plans(county.user(Role.OFFICER, county.housing), 2026)
    assert own.unit == county.housing and own.case is None


@pytest.mark.mechanism("D9-07", "works")
def test_duties_have_dated_records_and_a_lost_case_waits_for_its_review(county: County) -> None:
    user = county.user(Role.SUPERVISOR, county.body)
    with time_machine.travel(noon(DAY), tick=False):
        year = {"starts": "2026-01-01", "ends": "2026-12-31", "person": "孟县长", "post": "县长"}
        entry(county.body, "principal_duties", code="ZZ-1", duty="听取汇报", minimum=1, **year)
        entry(county.body, "principal_duties", code="ZZ-2", duty="带头学法", minimum=2, **year)
        for number in range(3):
            OpenCase(
                actor=None, organization=county.body, case_type="duty_record", on=DAY, by="甲一",
                facts={"subject": f"履职{number}", "person": "孟县长", "duty": "ZZ-1" if number else "ZZ-2"},
                fields={"did": "主持会议"}, evidence=[{"title": "会议纪要", "attachment": None}],
            ).execute()  # fmt: skip
        rejected = Case.objects.filter(case_type="duty_record", title="履职2").get()
        RecordAct(
            actor=None,
            case=rejected,
            act="reject",
            on=DAY,
            by="乙二",
            role="reviewer",
            fields={"reason": "无纪要"},
        ).execute()
        (leader,) = leaders(user, 2026)
        assert [(one.entry.key, len(one.records), one.short) for one in leader.duties] == [
            ("ZZ-1", 1, 0),
            ("ZZ-2", 1, 1),
        ]
        assert leader.short == 1 and leaders(user, 2025) == []
        file = play("administrative_penalty/normal", county.market).standing
        RecordAct(
            actor=None,
            case=file,
            act="revoke",
            on=DAY,
            outcome="撤销",
            fields={"by_body": "复议机关"},
            by="甲一",
        ).execute()
        assert [(one.case, one.fact) for one in lost_unreviewed(user, DAY)] == [(file, "penalty")]
        OpenCase(
            actor=None, organization=county.market, case_type="enforcement_fault_review", on=DAY, by="甲一",
            facts={"subject": "被撤销", "source": "行政复议", "penalty": file.number},
        ).execute()  # fmt: skip
        assert lost_unreviewed(user, DAY) == []
        reversed_ = play("reconsideration/normal", county.body).standing
        Case.objects.filter(pk=reversed_.pk).update(facts={**reversed_.facts, "respondent": "澜亭县司法局"})
        CaseAct.objects.filter(case=reversed_, act="decide").update(outcome="变更", happened_on=DAY)
        assert [(one.case, one.whose) for one in lost_unreviewed(user, DAY)] == [(reversed_, "澜亭县司法局")]
        assert [(one.about, one.result) for one in faults(user, 2026)] == [(file, "")]
        assert not reversed_.number  # named by its title then, which another may bear as well
        other = play("reconsideration/normal", county.body).standing
        CaseAct.objects.filter(case=other, act="decide").update(
            outcome="变更", happened_on=DAY - timedelta(days=9)
        )
        Case.objects.filter(pk=other.pk).update(title=reversed_.title)
        assert [one.case for one in lost_unreviewed(user, DAY)] == [reversed_, other]
        OpenCase(
            actor=None, organization=county.justice, case_type="enforcement_fault_review", on=DAY, by="甲一",
            facts={"subject": "被变更", "source": "行政复议", "reconsideration": reversed_.title, "lost_on": DAY.isoformat()},
        ).execute()  # fmt: skip
        assert [one.case for one in lost_unreviewed(user, DAY)] == [other]
        assert {one.about.title for one in faults(user, 2026) if one.about} == {file.title, reversed_.title}


def test_an_entry_shows_the_cases_whose_acts_list_it(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """A special supervisor, a line of the plan, an officer: who opens one sees what it was named in."""
    with time_machine.travel(noon(DAY), tick=False):
        term = {"identity": "律师", "appointed_by": "县政府", "since": "2026-01-01", "until": "2026-12-31"}
        one, other = (
            entry(county.justice, "special_supervisors", card=card, name=name, **term)
            for card, name in (("JD-1", "庚七"), ("JD-11", "辛八"))
        )
        held = [
            OpenCase(
                actor=None, organization=county.justice, case_type="supervisor_activity", on=DAY, by="甲一",
                facts={"subject": "座谈", "kind": "座谈"}, fields={"supervisors": [card]},
            ).execute()
            for card in ("JD-1", "JD-11", "JD-1")
        ]  # fmt: skip
    user = county.user(Role.SUPERVISOR, county.body)
    found = naming(one, user)
    assert ({case for case, _ in found.cases}, found.count, found.whole) == ({held[0], held[2]}, 2, True)
    assert [(case, kind) for case, kind in naming(other, user).cases] == [(held[1], "特邀监督员活动")]
    assert not naming(one, county.user(Role.OFFICER, county.housing)).cases, "of others"
    monkeypatch.setattr("yifa.ledger.search.naming.LOOKED_AT", 2)
    assert not naming(one, user).whole
