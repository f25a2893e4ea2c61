"""Every scenario file comes out as it says, and every case type is shown in every situation that it can be in."""

from __future__ import annotations

from pathlib import Path

import pytest

from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, ClockType
from yifa.procedures.scenario import run

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.yaml"))
ALWAYS = {"normal", "out_of_order_live", "out_of_order_back", "correction"}
LAWS_CHANGED = {
    "administrative_decision",
    "supervision_letter",
    "disclosure_item",
    "proposal",
    "administrative_penalty",
    "annual_report_duty",
    "emergency_drill",
    "information_request",
    "normative_document",
    "petition",
    "reconsideration",
    "reconsideration_response",
}
WITHOUT_OLD_NUMBERS = {"administrative_penalty", "normative_document"}  # the new law asks for more acts


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_comes_out_as_written(path: Path) -> None:
    result = run(path, catalogue())
    assert not result.differs, "\n".join(result.differs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_says_how_it_was_counted(path: Path) -> None:
    """A due date is only worth something where a person has counted the days: the comment shows how."""
    text = path.read_text(encoding="utf-8")
    if "due: 2" in text:
        assert any(line.startswith("#") for line in text.splitlines()), "a due date without its reckoning"


def _numbered(clock: ClockType) -> bool:
    """Whether the law gives it a number; without one it is late on no day."""
    return any(duration.length is not None for duration in clock.at_most or clock.at_least or ())


def situations(case_type: CaseType) -> set[str]:
    """What a case of the type can get into, by the clocks it has."""
    clocks = [clock for clock in case_type.clocks.values() if _numbered(clock)]
    own = [clock for clock in clocks if clock.party is None]
    wanted = set(ALWAYS)
    if own:
        wanted |= {"late", "boundary_day"}
    if any(clock.at_most for clock in own):
        wanted.add("boundary_day_after")
    elif own:
        wanted.add("boundary_day_before")
    if any(clock.pauses for clock in clocks):
        wanted.add("suspended")
    if any(clock.extensions for clock in clocks):
        wanted.add("extended")
    if case_type.case_type in LAWS_CHANGED:
        wanted |= {"law_change_eve", "law_change_day"}
    return wanted


@pytest.mark.parametrize("case_type", sorted(catalogue().case_types))
def test_every_situation_is_shown(case_type: str) -> None:
    there = {path.stem for path in (FOLDER / case_type).glob("*.yaml")}
    assert situations(catalogue().case_types[case_type]) <= there


def test_laws_that_changed_are_found_in_the_data() -> None:
    """A case type whose duration differs by date must show the eve and the day of the change."""
    changed = {
        name
        for name, case_type in catalogue().case_types.items()
        for clock in case_type.clocks.values()
        if len(clock.at_most or clock.at_least or ()) > 1
    }
    assert changed <= LAWS_CHANGED
    assert LAWS_CHANGED - changed == WITHOUT_OLD_NUMBERS


@pytest.mark.parametrize(
    ("scenario", "law", "article"),
    [
        ("petition/late", "信访工作条例", "第三十四条"),
        ("petition/late_under_the_old_law", "信访条例", "第三十三条"),
        ("reconsideration/late", "行政复议法", "第六十二条"),
        ("reconsideration/late_under_the_old_law", "行政复议法", "第三十一条"),
        ("information_request/late", "政府信息公开条例", "第三十三条"),
        ("administrative_penalty/out_of_order_back", "行政处罚法", "第四十四条"),
        ("normative_document/late", "政府信息公开条例", "第二十六条"),
        ("major_decision/out_of_order_back", "重大行政决策程序暂行条例", "第二十五条"),
    ],
)
def test_a_finding_cites_the_law_of_the_case(scenario: str, law: str, article: str) -> None:
    result = run(FOLDER / f"{scenario}.yaml", catalogue())
    cited = {(found.basis.law, found.basis.article) for found in result.findings if found.basis}
    assert cited == {(law, article)}
    assert all(f"《{law}》{article}" in found.message for found in result.findings)


def test_every_scenario_folder_is_a_case_type() -> None:
    assert {path.parent.name for path in FILES} == set(catalogue().case_types)
