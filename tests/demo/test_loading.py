from __future__ import annotations

from datetime import date

import pytest

from tests.demo.small import TODAY, shrink, small_county
from tests.standing import standing
from yifa.demo import cases as invented
from yifa.demo import shapes
from yifa.demo.loading import load
from yifa.law.loader import catalogue
from yifa.ledger.models import Organization, Record


@pytest.fixture
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch)


def test_the_same_day_and_seed_give_the_same_county(db: None, smaller: None) -> None:
    def made(seed: int) -> list[tuple[object, ...]]:
        units = {
            code: Organization(code=code, name=code, level="department", path=f"/{code}/") for code in codes()
        }
        maker = invented.CaseMaker(
            invented.seeded(TODAY, seed), units, units["lanting"], date(2025, 1, 2), TODAY
        )
        return [(case.id, case.title, tuple(case.happenings)) for case in maker.all()]

    assert made(7) == made(7) != made(8)


def codes() -> list[str]:
    given = shapes.county()
    return [given.body.code, *(unit.code for unit in [*given.units, *given.towns])]


def test_a_failed_loading_leaves_nothing(db: None, smaller: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("yifa.demo.work.create", broken)
    with pytest.raises(RuntimeError):
        load(TODAY, None)
    assert not Organization.objects.exists() and not Record.objects.exists()


def test_progress_moves_to_its_end(db: None) -> None:
    moved = standing(small_county).moved
    assert [done for done, _ in moved] == sorted(done for done, _ in moved)
    assert moved[-1][0] == moved[-1][1]


def test_the_data_files_name_only_what_there_is() -> None:
    units = set(codes())
    for name, line in shapes.lines().items():
        case_type = catalogue().case_types[name]
        assert set(line.units) <= units and set(line.of_unit) <= units
        for course in line.courses:
            assert course.acts[0].act in case_type.opens_with
            for step in course.acts:
                act = case_type.acts[step.act]
                outcomes = (
                    step.outcome if isinstance(step.outcome, dict) else [step.outcome] if step.outcome else []
                )
                assert set(outcomes) <= set(act.outcomes) and set(step.fields) <= set(act.fields)
                assert bool(outcomes) == bool(act.outcomes), (name, step.act)
        for due in line.due:
            assert due.clock in case_type.clocks and due.steps <= len(line.courses[due.course].acts)
    for given in [*shapes.county().accounts, *shapes.county().posts]:
        assert given.unit in units
