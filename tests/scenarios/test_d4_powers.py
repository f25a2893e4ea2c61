"""Mechanisms of lists and approval reform (D4), walked through the ledger's actions as an officer would.

"works" stands only where every clause of the row is shown here or in a test it names; at "partly" the comment says
what is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.county import County
from tests.scenarios.service import (
    BUREAU,
    Hall,
    done,
    figure,
    gaps,
    opened,
    published,
    refused,
    revised,
    service,
)
from yifa.cli import run
from yifa.law.amending import Amending, read_amendment
from yifa.law.loader import catalogue
from yifa.ledger.actions import ActionRefused
from yifa.ledger.amending import impact
from yifa.ledger.changes import between
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Entry

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 4)


@pytest.fixture
def hall(county: County) -> Hall:
    return Hall.of(county)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    catalogue.cache_clear()


def reviewed(county: County, change: str, **facts: str) -> object:
    """A change of the list, reviewed by the reform office and found lawful by the justice bureau."""
    case = opened(
        county.market, "power_change", DAY, facts={"item": "户外广告设置许可", "change": change, **facts}
    )
    done(case, "review", date(2024, 3, 8), outcome="同意")
    done(case, "legal_review", date(2024, 3, 12), outcome="合法", unit=county.justice, role="reviewer")
    return case


@pytest.mark.mechanism("D4-01", "works")
def test_a_list_changes_only_by_the_whole_chain_and_a_new_law_shows_what_it_touches(
    county: County, tmp_path: Path
) -> None:
    published(
        county.market, "powers", code="P1", law="信访工作条例", article="第三十四条", law_version="2022年"
    )
    published(county.market, "powers", code="P2", law="信访工作条例", article="第三十五条")
    path = tmp_path / "新文本.yaml"
    path.write_text(
        "law: 信访工作条例\neffective: 2026-06-01\nchanged: [第三十四条]\ndurations:\n"
        "  - {case_type: petition, clock: conclusion, article: 第三十四条, length: 30, unit: days}\ntransition: keep\n",
        "utf-8",
    )
    touched = impact(Amending(catalogue(), read_amendment(path, catalogue())), date(2026, 2, 20)).entries
    assert [(one.entry.key, one.entry.data["law_version"]) for one in touched] == [("P1", "2022年")]
    case = opened(county.market, "power_change", DAY, facts={"item": "某职权", "change": "取消"})
    assert "审改机构" in refused(case, "publish", DAY) and "合法性审查" in refused(case, "publish", DAY)
    assert "先经审改机构" in refused(
        case, "legal_review", DAY, outcome="合法", unit=county.justice, role="reviewer"
    )
    done(case, "review", DAY, outcome="同意")
    own = refused(case, "legal_review", DAY, outcome="合法", unit=county.market, role="reviewer")
    assert "提出调整的部门自己" in own
    done(case, "legal_review", DAY, outcome="合法", unit=county.justice, role="reviewer")
    assert "常务会议" in refused(case, "publish", DAY)
    done(case, "meeting", DAY, outcome="同意", fields={"minute_no": "第八次"})
    done(case, "publish", DAY)
    assert figure("powers_changed", county.body).parts == {"取消": 1}


@pytest.mark.mechanism("D4-02", "works")
def test_the_catalogue_of_licences_is_compared_on_two_days(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was added, changed, removed and by which paper; also what came and went in between; by command too."""
    at, kept = county.market, "2020-01-01"
    published(
        at, "service_items", code="A", name="新许可", effective="2024-04-01", decided_by="澜政〔2024〕9号"
    )
    gone = published(at, "service_items", code="B", name="取消的许可", effective=kept)
    revised(
        gone,
        date(2024, 6, 28),
        "上级取消",
        ended="2024-06-30",
        ended_how="取消",
        decided_by="澜政〔2024〕12号",
    )
    changed = published(at, "service_items", code="C", name="改时限的许可", effective=kept, promised_days=15)
    revised(changed, date(2024, 7, 1), "压缩时限", promised_days=7)
    published(at, "service_items", code="D", name="不变的许可", effective=kept)
    published(at, "service_items", code="E", name="短命的许可", effective="2024-02-01", ended="2024-05-31")
    first, last = date(2023, 12, 31), date(2024, 12, 31)
    found = between("service_items", county.body, first, last)
    assert [(one.kind, one.key, one.paper, one.reason) for one in found] == [
        ("added", "A", "澜政〔2024〕9号", ""),
        ("changed", "C", "", "压缩时限"),
        ("removed", "B", "澜政〔2024〕12号", "上级取消"),
        ("passed", "E", "", ""),
    ]
    assert [(one.title, one.before, one.after) for one in found[1].fields] == [("现承诺工作日数", 15, 7)]
    assert between("service_items", county.justice, first, last) == ()
    arguments = ["ledger", "changes", "service_items", "--from", "2023-12-31", "--to", "2024-12-31"]
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)["changes"]] == [
        one.kind for one in found
    ]
    assert run(arguments) == 0
    assert "现承诺工作日数：15 → 7" in capsys.readouterr().err


@pytest.mark.mechanism("D4-03", "works")
def test_a_cancelled_item_opens_no_case_and_asks_for_a_measure(hall: Hall) -> None:
    revised(hall.item, date(2024, 6, 28), "国家取消", ended="2024-06-30", ended_how="取消")
    assert service(hall, date(2024, 6, 28))
    with pytest.raises(ActionRefused, match="已经失效"):
        service(hall, date(2024, 7, 1))
    for code, kind in (("Q1", "行政审批"), ("Q2", "行政审批"), ("Q3", "行政处罚")):
        published(hall.at, "cancelled_items", code=code, name=code, kind=kind, cancelled_on="2024-06-30")
    published(
        hall.at, "supervision_measures", code="J1", item="Q2", measure="每年抽查", effective="2024-07-01"
    )
    assert gaps("cancelled_items_unsupervised", hall.at) == ["Q1", "Q3"]
    counted = figure("items_cancelled", hall.at)
    assert (counted.value, counted.parts) == (3, {"行政审批": 2, "行政处罚": 1})


@pytest.mark.mechanism("D4-04", "works")
def test_an_item_taken_over_and_never_handled_is_listed(hall: Hall) -> None:
    for code in (hall.item.key, "X9"):
        published(
            hall.at, "delegated_items", code=code, name=f"承接{code}", way="承接上级下放", giver="市住建局",
            receiver=hall.at.name, received_on="2024-02-01", document="某市〔2024〕3号",
        )  # fmt: skip
    assert gaps("delegated_items_unused", hall.at) == [f"承接{hall.item.key}", "承接X9"]
    first = service(hall, DAY)
    assert gaps("delegated_items_unused", hall.at) == ["承接X9"]
    assert [record.id for record in figure("service_received", hall.at).records] == [first.pk]
    assert figure("items_taken_over", hall.at).value == 2


@pytest.mark.mechanism("D4-05", "works")
def test_a_fee_is_taken_only_while_it_is_listed(hall: Hall) -> None:
    published(
        hall.at,
        "fees",
        code="占道费",
        law="某条例",
        standard="每日一元",
        effective="2020-01-01",
        ended="2024-03-31",
    )
    case = service(hall, DAY)
    done(case, "charge_fee", date(2024, 3, 29), fields={"fee": "占道费", "amount": 120})
    assert "已经失效" in refused(
        case, "charge_fee", date(2024, 4, 1), fields={"fee": "占道费", "amount": 120}
    )
    assert "没有登记" in refused(case, "charge_fee", DAY, fields={"fee": "工本费", "amount": 5})
    assert figure("service_fees_charged", hall.at).value == 120
    before, after = date(2024, 3, 31), date(2024, 4, 1)
    assert [figure("fees_in_force", hall.at, (date(2024, 1, 1), day)).value for day in (before, after)] == [
        1,
        0,
    ]


@pytest.mark.mechanism("D4-06", "works")
def test_the_classes_of_intermediary_services_add_up_to_the_whole(hall: Hall) -> None:
    classes = {"审批部门承担": 12, "申请人自愿选择": 17, "强制保留": 25}
    for kind, number in classes.items():
        for serial in range(number):
            published(
                hall.at, "intermediary_services", code=f"{kind}{serial}", effective="2024-02-01",
                law="某条例" if serial else None, **{"class": kind},
            )  # fmt: skip
    counted = figure("intermediary_services_in_force", hall.at)
    assert (counted.value, counted.parts) == (54, classes)
    assert gaps("forced_intermediary_without_basis", hall.at) == ["强制保留0"]
    with pytest.raises(ActionRefused, match="处理方式"):
        published(hall.at, "intermediary_services", code="未分类", **{"class": None})


@pytest.mark.mechanism("D4-07", "works")
def test_no_list_of_materials_holds_an_abolished_proof_and_what_is_kept_has_its_basis(hall: Hall) -> None:
    def proof(name: str, status: str, **more: str | None) -> None:
        published(hall.at, "proofs", code=name, status=status, effective="2024-01-02", **more)

    revised(hall.item, date(2024, 2, 1), "核对材料", materials=["申请书", "无房证明"])
    assert gaps("items_asking_abolished_proofs", hall.at) == []
    proof("无房证明", "取消")
    proof("收入证明", "保留", law="某条例", upper_name="收入证明")
    proof("婚姻状况证明", "保留", law=None, upper_name="婚姻状况证明")
    published(hall.at, "upper_proofs", code="收入证明", effective="2023-01-01")
    published(hall.at, "upper_proofs", code="婚姻状况证明", effective="2020-01-01", ended="2023-12-31")
    for code, materials in (("新事项", ["无房证明"]), ("别的事项", ["申请书", "无房证明"])):
        with pytest.raises(ActionRefused, match="“无房证明”在“证明事项清单”中已经取消，不得再列入"):
            published(hall.at, "service_items", code=code, materials=materials)
    published(hall.at, "service_items", code="X2", materials=["收入证明"])  # it was kept
    assert gaps("items_asking_abolished_proofs", hall.at) == [f"{hall.item.title}：无房证明"]
    assert gaps("retained_proofs_without_basis", hall.at) == ["婚姻状况证明"]
    assert gaps("retained_proofs_not_above", hall.at) == ["婚姻状况证明"]  # it stands there no more
    revised(hall.item, date(2024, 3, 1), "取消证明", materials=["申请书"])
    assert gaps("items_asking_abolished_proofs", hall.at) == []
    assert [figure(rule, hall.at).value for rule in ("proofs_abolished", "proofs_retained")] == [1, 2]


@pytest.mark.mechanism("D4-08", "works")
@pytest.mark.mechanism("D4-09", "works")
def test_how_much_was_cut_is_computed_from_the_items(hall: Hall) -> None:
    revised(
        hall.item, date(2024, 2, 1), "优化",
        materials_before=["甲", "乙", "丙", "丁"], materials=["甲", "乙", "丙"],
        statutory_days=20, former_days=12, promised_days=6,
    )  # fmt: skip
    published(
        hall.at, "service_items", code="X2", effective="2020-01-01", materials_before=["甲", "乙"], materials=["甲"],
        statutory_days=10, former_days=None, promised_days=3,
    )  # fmt: skip
    published(
        hall.at, "service_items", code="X3", effective="2020-01-01", statutory_days=20, promised_days=None
    )
    cut = figure("materials_cut_rate", hall.at)
    assert (cut.numerator.value, cut.denominator.value, cut.value) == (4, 6, Decimal("33.33"))  # type: ignore[union-attr]
    assert figure("days_cut_from_statutory", hall.at).value == 70  # 1 - 9/30
    assert figure("days_cut_from_promise", hall.at).value == 50  # 1 - 6/12
    assert [figure(rule, hall.at).value for rule in ("items_with_materials_cut", "items_with_days_cut")] == [
        2,
        1,
    ]


@pytest.mark.mechanism("D4-10", "works")
def test_cases_are_counted_by_batch_and_item_from_their_records(hall: Hall) -> None:
    for number, channel in enumerate(("网上", "窗口", "网上")):
        case = service(hall, DAY, channel=channel)
        if number:
            done(case, "accept", DAY)
            done(case, "decide", DAY, outcome="准予")
    service(hall, DAY, item=None)
    parts = {
        rule: figure(rule, hall.at).parts
        for rule in ("service_single_visit_received", "service_single_visit_decided")
    }
    assert parts == {
        "service_single_visit_received": {"第一批": 3},
        "service_single_visit_decided": {"第一批": 2},
    }
    assert figure("service_single_visit_online_rate", hall.at).value == Decimal("66.67")
    assert figure("service_decided_by_item", hall.at).parts == {hall.item.key: 2}
    assert figure("service_items_single_visit", hall.at).parts == {"第一批": 1}


@pytest.mark.mechanism("D4-11", "works")
def test_an_item_done_at_once_that_takes_longer_is_listed(hall: Hall) -> None:
    revised(hall.item, date(2024, 2, 1), "列入马上办", instant=True, promised_days=0)
    for waited, expected in ((0, []), (1, []), (3, [hall.item.title])):  # medians 0, 0.5 → above the promise
        case = service(hall, DAY)
        done(case, "accept", DAY)
        done(case, "decide", date(2024, 3, 4 + waited), outcome="准予")
        if waited != 1:
            assert gaps("instant_items_too_slow", hall.at) == expected
            assert gaps("items_slower_than_promised", hall.at) == expected
    assert figure("service_median_days", hall.at).value == 1
    assert figure("service_items_instant", hall.at).value == 1


@pytest.mark.mechanism("D4-12", "works")
def test_time_of_a_review_on_no_list_counts(hall: Hall) -> None:
    """On the list seven working days are left out; entered back for a review on no list they count."""
    published(hall.at, "expert_review_items", code="深基坑评审", kind="专家评审", effective="2020-01-01")
    dues = {}
    for item, entered in (("深基坑评审", "live"), ("装修评审", "back")):
        case = service(hall, date(2024, 7, 1), statutory_days=20)
        done(case, "accept", date(2024, 7, 1))
        if entered == "back":
            assert "没有登记" in refused(
                case, "start_special", date(2024, 7, 8), fields={"kind": "专家评审", "item": item}
            )
        done(
            case,
            "start_special",
            date(2024, 7, 8),
            fields={"kind": "专家评审", "item": item},
            entered=entered,
        )
        done(case, "end_special", date(2024, 7, 17))
        dues[item] = state_of(case, date(2024, 7, 18)).clocks["decision"].due
        done(case, "decide", date(2024, 7, 30), outcome="准予")
    assert dues == {"深基坑评审": date(2024, 8, 7), "装修评审": date(2024, 7, 29)}
    late = figure("service_decided_late", hall.at)  # from stored rows: the same judgment
    assert (late.value, figure("service_decided_on_time", hall.at).value) == (1, 1)
    case = service(hall, DAY)
    done(case, "accept", DAY)
    done(case, "start_special", DAY, fields={"kind": "鉴定"})
    assert len(gaps("special_procedures_unlisted", hall.at)) == 1


@pytest.mark.mechanism("D4-13", "works")
def test_steps_inside_a_department_are_timed_within_the_whole(hall: Hall) -> None:
    published(hall.at, "internal_approval_items", code="领导会签", effective="2020-01-01")
    case = service(hall, DAY)
    done(case, "accept", DAY)
    done(case, "internal_step", date(2024, 3, 5), fields={"step": "领导会签"})
    done(case, "internal_step_done", date(2024, 3, 8))
    done(case, "decide", date(2024, 3, 12), outcome="准予")
    inside, whole = (figure(rule, hall.at) for rule in ("service_internal_days", "service_days_total"))
    assert (inside.value, whole.value) == (3, 6)  # 6 to 8 March of 5 to 8, 11, 12 March
    assert [record.id for record in inside.records] == [record.id for record in whole.records] == [case.pk]
    assert "没有登记" in refused(
        service(hall, DAY), "internal_step", DAY, fields={"step": "不在清单"}, accept=True
    )


@pytest.mark.mechanism("D4-14", "works")
def test_one_missing_signature_keeps_powers_from_taking_effect(county: County) -> None:
    facts = {"name": "第二批赋权", "batch": "第二批", "powers": ["甲", "乙"], "text_version": "二"}
    case = opened(county.body, "delegation", DAY, facts=facts)
    done(case, "confirm", DAY)
    signatures = ("sign_staffing", "sign_approval", "sign_justice", "sign_department", "sign_town")
    for number, act in enumerate(signatures):
        assert refused(case, "take_effect", date(2024, 4, 1)).count("尚未签署") == len(signatures) - number
        done(case, act, date(2024, 3, 5 + number), fields={"text_version": "二", "signer": "甲一"})
    assert "公布" in refused(case, "take_effect", date(2024, 4, 1))
    done(case, "publish", date(2024, 3, 18))
    done(case, "take_effect", date(2024, 4, 1))
    signed = [(act.happened_on, act.fields["text_version"]) for act in case.acts.filter(act__in=signatures)]
    assert signed == [(date(2024, 3, 5 + number), "二") for number in range(5)]
    counted = [figure(rule, county.body).value for rule in ("delegations_in_effect", "delegated_powers")]
    assert counted == [1, 2]


@pytest.mark.mechanism("D4-15", "works")
def test_from_the_day_of_hand_over_only_the_bureau_opens_cases_and_the_supervisor_is_told(
    hall: Hall, county: County
) -> None:
    item = published(
        county.market, "service_items", code="HD1", organ=county.market.name, effective="2020-01-01"
    )
    handover = opened(
        county.body, "approval_handover", date(2024, 8, 1), facts={"name": "划转", "items": ["HD1"]}
    )
    for act in ("sign_giver", "sign_receiver", "publish"):
        assert refused(handover, "hand_over", date(2024, 8, 30))
        done(handover, act, date(2024, 8, 12))
    done(handover, "hand_over", date(2024, 8, 30))
    revised(item, date(2024, 8, 30), "划转", organ=BUREAU, supervisor=county.market.name)
    eve, day = date(2024, 8, 29), date(2024, 8, 30)
    assert opened(county.market, "service_case", eve, facts={"item": "HD1"})
    for unit, on in ((county.market, day), (hall.at, eve)):
        with pytest.raises(ActionRefused, match="由其他单位行使"):
            opened(unit, "service_case", on, facts={"item": "HD1"})
    case = opened(hall.at, "service_case", day, facts={"item": "HD1"})
    assert case.facts["supervisor"] == county.market.name
    done(case, "accept", day)
    assert "结果为“准予”" in refused(case, "inform_supervisor", day)
    done(case, "decide", day, outcome="准予")
    assert len(gaps("grants_supervisor_not_told", hall.at)) == 1
    done(case, "inform_supervisor", date(2024, 9, 2), fields={"to": county.market.name})
    assert gaps("grants_supervisor_not_told", hall.at) == []
    assert figure("items_handed_over", county.body).value == 1


@pytest.mark.mechanism("D4-16", "works")
def test_a_department_that_says_nothing_about_a_visit_is_overdue(hall: Hall) -> None:
    """Visited on Thursday 25 April 2024; three working days: 26, 28 (a worked Sunday), 29."""
    facts = {"project": "某厂房", "departments": ["县自然资源局", "县生态环境局"], "opinion_days": 3}
    visit = opened(hall.at, "joint_visit", date(2024, 4, 23), facts=facts)
    done(visit, "visit", date(2024, 4, 25))
    done(visit, "opinion", date(2024, 4, 26), outcome="同意", fields={"department": "县自然资源局"})
    assert gaps("site_visit_opinions_overdue", hall.at, date(2024, 4, 29)) == []
    assert gaps("site_visit_opinions_overdue", hall.at, date(2024, 4, 30)) == ["某厂房：县生态环境局"]
    done(visit, "opinion", date(2024, 5, 6), outcome="整改后同意", fields={"department": "县生态环境局"})
    assert gaps("site_visit_opinions_overdue", hall.at, date(2024, 5, 6)) == []
    assert figure("joint_visit_opinions", hall.at).parts == {"同意": 1, "整改后同意": 1}
    case = service(hall, date(2024, 4, 22))
    done(case, "accept", date(2024, 4, 22))
    done(case, "joint_visit", date(2024, 4, 25), fields={"visit": visit.number})


@pytest.mark.mechanism("D4-17", "works")
@pytest.mark.parametrize(("change", "meets"), [("新增", True), ("取消", True), ("变更要素", False)])
def test_no_list_is_published_without_both_opinions_and_the_minutes(
    county: County, change: str, meets: bool
) -> None:
    case = reviewed(county, change, code="P9")
    if meets:
        assert "常务会议" in refused(case, "publish", date(2024, 3, 20))
        assert "会议纪要文号" in refused(case, "meeting", date(2024, 3, 18), outcome="同意", fields={})
        done(case, "meeting", date(2024, 3, 18), outcome="同意", fields={"minute_no": "第八次"})
    published(county.market, "powers", code="P9", effective="2024-04-01", decided_by="澜政〔2024〕9号")
    assert gaps("powers_changed_without_chain", county.body) != []
    done(case, "publish", date(2024, 3, 20))
    assert gaps("powers_changed_without_chain", county.body) == []
    assert figure("powers_changed", county.body).value == 1


@pytest.mark.mechanism("D4-18", "works")
def test_elements_are_compared_with_the_catalogue_above_and_claims_are_counted(
    hall: Hall, county: County
) -> None:
    above = {
        "kind": "行政许可",
        "law": "某法",
        "article": "第三条",
        "statutory_days": 20,
        "materials": ["甲", "乙"],
    }
    for code, unit, claimed in (("S1", hall.at, True), ("S2", hall.at, False), ("S3", county.market, True)):
        published(
            unit,
            "upper_catalogue",
            code=code,
            name=f"事项{code}",
            claimed=claimed,
            effective="2020-01-01",
            **above,
        )
    revised(
        hall.item,
        date(2024, 2, 1),
        "认领",
        name="事项S1",
        upper_code="S1",
        **{**above, "statutory_days": 15, "materials": ["乙"]},
    )
    (found,) = hall.found("items_different_above")
    assert found.wanted == "不一致：法定办结工作日数、申请材料"
    revised(hall.item, date(2024, 3, 1), "改正", **{**above, "materials": ["乙", "甲"]})
    assert hall.found("items_different_above") == ()
    assert gaps("upper_items_unclaimed", county.body) == ["事项S2"]
    assert gaps("upper_items_claimed_not_listed", county.body) == ["事项S3"]
    rates = [figure("upper_items_claimed_rate", unit).value for unit in (hall.at, county.market, county.body)]
    assert rates == [50, 100, Decimal("66.67")]
    assert Entry.objects.get(pk=hall.item.pk).versions.count() == 3
