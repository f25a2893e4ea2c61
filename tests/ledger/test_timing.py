"""What the digest of a kind's rows and spans is made of: only what its own deadlines and counting read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from yifa.law.calendar import default_calendar
from yifa.law.loader import Catalogue, catalogue
from yifa.law.schema import Jurisdiction
from yifa.ledger.rows import kinds
from yifa.ledger.rows.ruling import definition, timing_of
from yifa.procedures import clockwork, scenario

KIND, OTHER = "information_request", "hotline_ticket"
SCENARIOS = Path(__file__).parent.parent / "scenarios"
Changed = Callable[..., set[str]]


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Changed:
    """The kinds that must be made anew where the catalogue is another one from now on."""

    def compare(**parts: Any) -> set[str]:
        before = dict(kinds.present())
        law: Catalogue = replace(catalogue(), digest=uuid4().hex, **parts)
        with monkeypatch.context() as patch:
            for module in ("rows.ruling", "legal", "rows.kinds"):
                patch.setattr(f"yifa.ledger.{module}.catalogue", lambda: law)
            now = kinds.present()
        return {kind for kind in {*before, *now} if before.get(kind) != now.get(kind)}

    return compare


def counties_with(**changes: Any) -> dict[str, Any]:
    """The level profiles, that of counties changed."""
    levels = dict(catalogue().levels)
    return {**levels, "county": levels["county"].model_copy(update=changes)}


def place_with(kind: str, length: int) -> dict[str, Jurisdiction]:
    """The localities, and one that gives a kind a length of its own."""
    place = {
        "jurisdiction": "lanting",
        "title": "澜亭县",
        "durations": [
            {"case_type": kind, "clock": "answer", "duration": {"law": "澜亭县办法", "length": length}}
        ],
    }
    return {**catalogue().jurisdictions, "lanting": Jurisdiction.model_validate(place)}


def test_a_register_more_in_a_profile_makes_nothing_anew(changed: Changed) -> None:
    county = catalogue().levels["county"]
    assert changed(levels=counties_with(registers=[*county.registers, "new_one"], title="县级")) == set()
    assert changed(levels=dict(reversed([*catalogue().levels.items()]))) == set()


def test_a_level_that_gives_up_a_kind_makes_that_one_anew(changed: Changed) -> None:
    without = [kind for kind in catalogue().levels["county"].case_types if kind != KIND]
    assert changed(levels=counties_with(case_types=without)) == {KIND}


def test_a_local_length_makes_anew_the_kind_it_is_for(changed: Changed) -> None:
    assert changed(jurisdictions=place_with(KIND, 10)) == {KIND}
    renamed = {
        id_: one.model_copy(update={"title": "某地"}) for id_, one in catalogue().jurisdictions.items()
    }
    assert changed(jurisdictions=renamed) == set()


def test_other_working_days_make_anew_the_kinds_that_count_them(
    changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = catalogue().counting_rules["information_requests_received"]
    calendar = default_calendar()

    class Other:
        digest = calendar.digest[::-1]

    before = definition(takes)
    monkeypatch.setattr("yifa.ledger.rows.ruling.calendar", Other)
    found = changed()
    assert KIND in found
    assert definition(takes) == before  # counts what was received, whenever it is due
    assert found.isdisjoint(catalogue().registers)
    plain = {kind for kind in catalogue().case_types if not timing_of(kind)[-1]}
    assert len(plain) > 30 and found.isdisjoint(plain)


class Nobody:
    """A calendar nobody may ask but for the words of an explanation."""

    reason = staticmethod(default_calendar().reason)

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the calendar was asked: {name}")


def test_kinds_whose_digest_leaves_working_days_out_never_ask_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All their scenarios come out as written without a calendar."""
    plain = [kind for kind in catalogue().case_types if not timing_of(kind)[-1]]
    monkeypatch.setattr(clockwork, "default_calendar", Nobody)
    files = [file for kind in plain for file in sorted((SCENARIOS / kind).glob("*.yaml"))]
    assert len(files) > 100
    assert {file.stem: scenario.run(file, catalogue()).differs for file in files} == {
        file.stem: () for file in files
    }
    with pytest.raises(AssertionError, match="the calendar was asked"):
        scenario.run(next((SCENARIOS / KIND).glob("*.yaml")), catalogue())


def test_digests_are_the_same_on_the_other_database_and_in_another_process(tmp_path: Path) -> None:
    """Another order of hashes, another data folder, another language: nothing of the machine stands in them."""
    other = {"sqlite": "postgresql://nobody@/none?host=/nowhere", "postgresql": ""}[connection.vendor]
    said = "import django, json; django.setup(); from yifa.ledger.rows.kinds import present; print(json.dumps(present()))"
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "YIFA_DATA"}}
    env |= {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "America/Lima", "YIFA_DATA": str(tmp_path)}
    env |= {"DATABASE_URL": other} if other else {}
    env |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", said], env=env, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {kind: list(rules) for kind, rules in kinds.present().items()}
