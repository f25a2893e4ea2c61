"""Scores from the ledger: the figures everybody sees, each with its sentence."""

from __future__ import annotations

from datetime import date

import pytest

from tests.ledger.conftest import Town
from yifa.assessment.computing import measured, scores_of, set_named
from yifa.ledger.figures.counting import Counting
from yifa.ledger.models import Organization
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
    assert "政府信息公开申请按期答复率50%" in said and said.endswith("得0分，失5分")
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
