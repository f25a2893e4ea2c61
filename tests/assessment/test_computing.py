"""Scores from the ledger: the figures everybody sees, each with its sentence."""

from __future__ import annotations

from datetime import date

import pytest

from tests.ledger.conftest import Town
from tests.scenarios.acting import play
from tests.scenarios.entering import paper_of
from yifa.assessment.behind import Lost
from yifa.assessment.computing import measured, scores_of, set_named
from yifa.assessment.describing import how
from yifa.law.loader import catalogue
from yifa.law.schema import IndicatorSet
from yifa.ledger.actions import OpenCase, RecordAct
from yifa.ledger.figures.counting import Counting
from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.rows.rebuilding import rebuild
from yifa.procedures.scoring import Scores

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def scored(unit: Organization, name: str = "county_units") -> Scores:
    ((_, scores),) = scores_of(set_named(name), [unit], *YEAR)
    return scores


def why(scores: Scores) -> dict[str, str]:
    return {line.indicator.id: line.why for line in scores.lines}


def test_every_point_comes_from_a_figure_and_says_so(place: Town) -> None:
    place.answer(place.request(on=date(2024, 3, 4)), on=date(2024, 3, 20))
    place.answer(place.request(on=date(2024, 3, 4)), on=date(2024, 9, 20), entered="back")
    rate = Counting(place.office, *YEAR).count("information_requests_on_time_rate").value
    assert rate == 50
    scores = scored(place.office)
    said = why(scores)["information_requests"]
    assert "政府信息公开申请按期答复率50%（2件中1件）" in said and said.endswith(
        "80%以下不得分，本项得0分，失5分"
    )
    assert "由其他指标按比例分担" in why(scores)["petitions"]
    assert 0 < scores.total < 100 and scores.spread > 0
    assert [line.indicator.id for line in scores.pending] == ["pilot"]
    could = sum(line.of for line in scores.lines)
    assert could == scores.full - scores.spread - 3
    assert scores.total == scores.full * sum(line.points for line in scores.lines) / could


def test_units_together_and_alone_and_after_a_rebuild_score_the_same(place: Town) -> None:
    for unit in (place.office, place.town):
        place.answer(place.request(organization=unit))
    units = [place.office, place.town]
    together = [scores for _, scores in scores_of(set_named("county_units"), units, *YEAR)]
    assert together == [scored(unit) for unit in units]
    rebuild()
    assert [scored(unit) for unit in units] == together


def test_classes_are_measured_by_their_own_points(place: Town) -> None:
    given = set_named("县直部门和镇街法治政府建设考核指标")
    assert {*measured(given, Organization.objects.all())} == {place.office, place.town}
    points = {
        unit.level: {line.indicator.id: line.full for line in scored(unit).lines}
        for unit in (place.office, place.town)
    }
    assert points["department"]["study"] == 5 and points["town"]["study"] == 6
    with pytest.raises(ActionRefused, match="澜亭县人民政府不在其中"):
        scored(place.body)
    assert scored(place.body, "outline_2021_2025").full == 100
    with pytest.raises(ActionRefused, match=r"没有“别的”这套考核指标。现有：.*county_units"):
        set_named("别的")


def test_the_set_says_beforehand_how_every_point_is_earned() -> None:
    for given in catalogue().indicator_sets.values():
        for part in given.parts:
            assert all(how(one) for one in part.indicators)
    said = {one.id: how(one) for part in set_named("county_units").parts for one in part.indicators}
    assert said["study"] == "“领导干部学法”不少于4次得满分，不足的按比例计"
    assert (
        said["contracts"]
        == "“合同没有归档”每件扣1分，扣完为止；没有“签订政府合同”的不计分，分值由其他指标分担"
    )
    assert said["duties"].endswith("；没有“第一责任人职责事项”的不得分")
    assert said["files"] == (
        "“案卷评查合格率”达到100%得满分，60%以下不得分，其间按比例计；不论谁登记，按“被评查单位”写明的单位计"
    )
    assert said["lost_in_court"] == "“行政诉讼败诉率”不超过0%得满分，50%以上不得分，其间按比例计"
    assert said["pilot"].startswith("两人评分：") and "日常记分" in said["daily"]


def test_what_others_recorded_about_a_unit_counts_for_the_unit_it_names(place: Town) -> None:
    given = IndicatorSet.model_validate({
        "indicator_set": "trial", "title": "试行", "summary": "试行",
        "classes": {"units": {"title": "单位", "levels": ["department", "town"]}},
        "parts": [{"title": "监督", "indicators": [
            {"id": "reversed", "title": "不被纠正", "points": {"units": 60}, "scale": {"none": 100, "full": 0},
             "figure": "reconsiderations_correction_rate", "named_in": "respondent"},
            {"id": "complaints", "title": "投诉", "points": {"units": 40}, "each": 10,
             "figure": "enforcement_complaints_received", "named_in": "about"},
        ]}],
    })  # fmt: skip
    for organization in (place.office, place.body):
        OpenCase(
            actor=None, organization=organization, case_type="enforcement_complaint", on=date(2024, 5, 6), entered="back",
            facts={"subject": "当场处罚没有给决定书", "about": place.town.name},
        ).execute()  # fmt: skip
    case = play("reconsideration/normal", place.body).standing
    Case.objects.filter(pk=case.pk).update(facts={**case.facts, "respondent": place.office.name})
    units = [place.office, place.town]
    by_unit = dict(scores_of(given, units, *YEAR))
    assert why(by_unit[place.town])["complaints"] == "收到行政执法投诉举报2件，每件扣10分，得20分，失20分"
    assert why(by_unit[place.office])["complaints"].endswith("0件，得满分40分")
    assert why(by_unit[place.town])["reversed"].endswith("60分由其他指标按比例分担")
    assert "行政复议纠错率" in why(by_unit[place.office])["reversed"]
    behind = Lost(place.town, *YEAR).behind(given.parts[0].indicators[1])
    assert len(behind.names) == 2 and all(name.startswith("当场处罚没有给决定书（") for name in behind.names)
    assert dict(scores_of(given, [place.town], *YEAR)) == {place.town: by_unit[place.town]}


def test_what_is_behind_lost_points_is_told_apart_and_named_as_people_know_it(place: Town) -> None:
    given = IndicatorSet.model_validate({
        "indicator_set": "trial", "title": "试行", "summary": "试行",
        "classes": {"units": {"title": "单位", "levels": ["county", "department", "town"]}},
        "parts": [{"title": "监督", "indicators": [
            {"id": "random", "title": "双随机", "points": {"units": 40}, "scale": {"none": 0, "full": 100},
             "figure": "random_inspection_rate"},
            {"id": "rekeyed", "title": "不重复录入", "points": {"units": 30}, "scale": {"none": 5, "full": 0},
             "figure": "service_rekeyed_mean"},
            {"id": "advisers", "title": "有顾问", "points": {"units": 30}, "scale": {"none": 0, "full": 100},
             "figure": "advised_units_rate"},
        ]}],
    })  # fmt: skip
    for name, inspected in (("抽查一", 2), ("抽查二", 1), ("抽查三", 0), ("抽查三", 0)):
        plan = OpenCase(
            actor=None, organization=place.office, case_type="random_inspection", on=date(2024, 3, 4), by="甲一",
            facts={"name": name, "item": "检查", "planned": 2}, entered="back",
        ).execute()  # fmt: skip
        for act, fields in (
            ("publish_plan", {}),
            ("draw", {"seed": "种子", "pool_digest": "摘要", "objects": ["甲店", "乙店"], "inspectors": ["丙", "丁"]}),
            *(("inspect", {"object": f"{shop}店", "officers": ["丙", "丁"]}) for shop in "甲乙"[:inspected]),
        ):  # fmt: skip
            RecordAct(
                actor=None, case=plan, act=act, on=date(2024, 3, 5), by="甲一", fields=fields, entered="back",
                outcome="未发现问题" if act == "inspect" else "",
                evidence=paper_of(*catalogue().case_types["random_inspection"].acts[act].evidence),
            ).execute()  # fmt: skip
    for number, fields_again in enumerate((1, 0, 4)):
        OpenCase(
            actor=None, organization=place.office, case_type="service_case", on=date(2024, 3, 4), by="甲一", entered="back",
            facts={"subject": f"办件{number}", "applicant": "某人", "rekeyed": fields_again},
        ).execute()  # fmt: skip
    look = Lost(place.office, *YEAR)
    random, rekeyed, _ = (look.behind(one).words for one in given.parts[0].indicators)
    assert random == "抽查二、抽查三（同名2项）"
    assert rekeyed == "办件2（澜司办〔2024〕3号）、办件0（澜司办〔2024〕1号）"
    advisers = Lost(place.body, *YEAR).behind(given.parts[0].indicators[2]).words
    assert place.office.name in advisers and place.office.code not in advisers
