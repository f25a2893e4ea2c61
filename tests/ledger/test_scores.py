"""The same ledger and the same set give the same score to the last digit: on both databases, after a rebuild."""

from __future__ import annotations

from datetime import date

from tests.assessment.trial import request, trial_set
from tests.ledger.conftest import Town
from yifa.assessment.computing import scores_of
from yifa.assessment.storing import as_stored
from yifa.ledger.rows.rebuilding import rebuild
from yifa.procedures.scoring import shown

YEAR = date(2024, 1, 1), date(2024, 12, 31)
# Exact fractions, as SQLite and PostgreSQL alike must give them.
WANTED = {
    "澜亭县司法局": (["7143/250", "20", "0", "20"], "85.72"),
    "示例镇人民政府": (["15", "30", "0", "20"], "81.25"),
}


def test_scores_are_the_same_everywhere_to_the_last_digit(place: Town) -> None:
    units = [place.office, place.town]
    for late in [False] * 5 + [True] * 2:
        request(place.office, late=late)
    for late in (False, True):
        request(place.town, late=late)

    def found() -> dict[str, object]:
        return {unit.name: as_stored(scores) for unit, scores in scores_of(trial_set(), units, *YEAR)}

    before = found()
    for unit, scores in scores_of(trial_set(), units, *YEAR):
        points, total = WANTED[unit.name]
        assert [str(line.points) for line in scores.lines] == points
        assert str(shown(scores.total)) == total
    rebuild()
    assert found() == before
