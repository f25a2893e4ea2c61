"""The catalogue that ships with Yifa."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from yifa.law.loader import FOLDER, catalogue, check_catalogue, load_catalogue
from yifa.law.schema import Basis, Duration, Model


def test_it_has_no_fault() -> None:
    assert [str(e) for e in check_catalogue()] == []


def test_loading_is_deterministic() -> None:
    first = load_catalogue()
    second = load_catalogue()
    assert first.digest == second.digest
    assert first.case_types == second.case_types
    assert list(first.case_types) == sorted(first.case_types)
    assert list(first.counting_rules) == sorted(first.counting_rules)
    assert catalogue() is catalogue()


def test_the_digest_changes_with_any_byte(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))
    assert load_catalogue(copy).digest == catalogue().digest
    path = copy / "levels" / "town.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load_catalogue(copy).digest != catalogue().digest


def test_what_each_level_has() -> None:
    levels = catalogue().levels
    assert set(levels) == {"county", "zone", "town", "department"}
    assert set(levels["county"].case_types) == set(catalogue().case_types)
    for level in ("zone", "town", "department"):
        assert "reconsideration" not in levels[level].case_types
        assert "normative_document" in levels[level].case_types
    assert levels["town"].off_text == "本级无此职权"


@pytest.mark.parametrize("name", ["henan", "河南", "河南省"])
def test_a_jurisdiction_is_found_by_id_or_name(name: str) -> None:
    found = catalogue().jurisdiction(name)
    assert found is not None
    assert found.title == "河南省"
    assert catalogue().jurisdiction("河") is None


def test_every_file_is_found_by_its_id() -> None:
    assert catalogue().source("reconsideration") == FOLDER / "cases" / "reconsideration.yaml"
    assert catalogue().source("powers") == FOLDER / "registers" / "powers.yaml"


def test_every_duration_with_a_number_names_its_article() -> None:
    missing = [
        f"{id_}: {duration.law}"
        for id_, case in catalogue().case_types.items()
        for duration in _durations(case)
        if duration.length is not None and duration.article is None and _has_articles(duration.law)
    ]
    assert missing == []


def _has_articles(title: str) -> bool:
    law = catalogue().laws.find(title)
    assert law is not None
    return law.level != "政策文件"


def _durations(part: object) -> list[Duration]:
    if isinstance(part, Duration):
        return [part]
    if isinstance(part, Basis):
        return []
    if isinstance(part, Model):
        return [d for name in type(part).model_fields for d in _durations(getattr(part, name))]
    if isinstance(part, dict):
        return [d for value in part.values() for d in _durations(value)]
    if isinstance(part, list):
        return [d for value in part for d in _durations(value)]
    return []


ROW = re.compile(r"^#.*\b(?:D\d{1,2}-\d{2}|[A-Z]{2,6}-\d{1,3})\b", re.MULTILINE)


def has_source(id_: str) -> bool:
    """A legal basis of its own, that of what it counts or looks at, or the row of a mechanism or fact it comes from."""
    law = catalogue()
    things = {**law.case_types, **law.registers, **law.counting_rules, **law.gaps, **law.outlines}
    thing = things[id_]
    if getattr(thing, "basis", None) or ROW.search(law.source(id_).read_text("utf-8")):
        return True
    rate = getattr(thing, "rate", None)
    if rate is not None:
        return has_source(rate.numerator) and has_source(rate.denominator)
    owner = getattr(thing, "case_type", None) if id_ not in law.case_types else None
    owner = owner or (getattr(thing, "register_", None) if id_ not in law.registers else None)
    return owner is not None and has_source(owner)


def test_everything_has_a_source() -> None:
    law = catalogue()
    named = [*law.case_types, *law.registers, *law.counting_rules, *law.gaps, *law.outlines]
    assert [id_ for id_ in named if not has_source(id_)] == []
