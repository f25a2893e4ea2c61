"""An export gives the same figures as the database, as they stood at a moment, by every rule there is."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.cli.test_database_commands import NOTICE
from tests.ledger.conftest import Town
from tests.ledger.registers import sample
from yifa.law.loader import catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.actions import (
    CorrectAct,
    DeclareNotCollected,
    KeepNotice,
    OpenCase,
    PublishEntry,
    RecordAct,
    RenameOrganization,
    ReviseEntry,
    WithdrawEntry,
)
from yifa.ledger.chain.exportedledger import ExportedLedger
from yifa.ledger.chain.exporting import export
from yifa.ledger.figures.counting import Counted, Counting
from yifa.ledger.figures.recounting import Question, notice_faults, recount
from yifa.ledger.models import Organization

YEAR = (date(2024, 1, 1), date(2024, 12, 31))
RECEIVED, ANSWERED = "information_requests_received", "information_requests_answered"
RULES = [rule for rule in catalogue().counting_rules.values() if rule.rate is None]


@pytest.fixture
def busy(place: Town) -> Town:
    """Cases kept, late, open, corrected and withdrawn in two units; entries revised and withdrawn; a unit renamed."""
    for day, answered, outcome, unit in (
        (date(2024, 2, 1), date(2024, 2, 20), "予以公开", place.office),
        (date(2024, 3, 1), date(2024, 6, 20), "不予公开", place.office),
        (date(2024, 4, 1), date(2024, 4, 20), "予以公开", place.town),
        (date(2024, 12, 20), date(2025, 1, 3), "部分公开", place.town),
        (date(2024, 12, 27), None, None, place.town),
        (date(2023, 11, 1), date(2023, 11, 20), "予以公开", place.office),
    ):
        case = place.request(on=day, organization=unit)
        if answered:
            place.answer(case, on=answered, outcome=outcome)
    first = place.request(on=date(2024, 7, 1))
    place.answer(first, on=date(2024, 7, 8))
    CorrectAct(actor=None, case=first, position=2, changes={"outcome": "部分公开"}, reason="核对").execute()
    gone = place.request(on=date(2024, 8, 1))
    CorrectAct(actor=None, case=gone, position=1, reason="录错", withdraws=True).execute()
    for action, name in (("新制定", "甲办法"), ("废止", "关于废止乙办法的决定")):
        document = OpenCase(
            actor=None, organization=place.office, case_type="normative_document", act="initiate", on=date(2024, 5, 6),
            facts={"class": "部门规范性文件", "action": action}, entered="back", title=name,
        ).execute()  # fmt: skip
        RecordAct(actor=None, case=document, act="publish", on=date(2024, 9, 2), entered="back").execute()
    for register in ("powers", "legal_advisers", "normative_documents", "budget_lines"):
        if register in catalogue().registers:
            _entries(place, register)
    RenameOrganization(
        actor=None, organization=place.town, name="新名镇人民政府", on=date(2024, 6, 1)
    ).execute()
    return place


def _entries(place: Town, register: str) -> None:
    kept = PublishEntry(
        actor=None,
        organization=place.office,
        register=register,
        data=sample(register, {"code": "A-1", "name": "甲项"}),
        on=date(2024, 2, 1),
    ).execute()
    ReviseEntry(
        actor=None,
        entry=kept,
        data=sample(register, {"code": "A-1", "name": "甲项（修订）"}),
        on=date(2024, 8, 1),
        reason="调整",
    ).execute()
    gone = PublishEntry(
        actor=None,
        organization=place.town,
        register=register,
        data=sample(register, {"code": "A-2", "name": "乙项"}),
        on=date(2024, 3, 1),
    ).execute()
    WithdrawEntry(actor=None, entry=gone, on=date(2024, 10, 1), reason="撤销").execute()


def exported(folder: Path) -> Path:
    path = folder / "ledger.jsonl"
    export(path)
    return path


def ask(
    rule: CountingRule, unit: Organization, until: datetime | None = None, period: Any = YEAR
) -> Question:
    return Question(rule, unit.code, *period, period[1], until or timezone.now())


def said(figure: Counted) -> tuple[Any, ...]:
    return figure.value, figure.status, figure.digest, dict(figure.parts), figure.missing, len(figure.records)


@pytest.mark.parametrize("which", ["body", "office", "town"])
def test_every_rule_gives_what_the_database_gives(busy: Town, tmp_path: Path, which: str) -> None:
    unit: Organization = getattr(busy, which)
    unit.refresh_from_db()
    path = exported(tmp_path)
    for period in (YEAR, (date(2025, 1, 1), date(2025, 12, 31))):
        again = recount(ExportedLedger(path), [ask(rule, unit, period=period) for rule in RULES])
        counting = Counting(unit, *period)
        expected = [counting.count(rule.counting_rule) for rule in RULES]
        different = [
            (rule.counting_rule, said(one), said(other))
            for rule, one, other in zip(RULES, again, expected, strict=True)
            if said(one) != said(other)
        ]
        assert different == []
    assert sum(1 for one in expected if one.value) >= 1


def test_an_export_taken_later_gives_what_was_known_then(busy: Town, tmp_path: Path) -> None:
    rules = [catalogue().counting_rules[name] for name in (RECEIVED, ANSWERED)]
    before = [said(Counting(busy.body, *YEAR).count(rule.counting_rule)) for rule in rules]
    moment = timezone.now()
    late = busy.request(on=date(2024, 10, 9), entered="back")
    busy.answer(late, on=date(2024, 10, 20), entered="back")
    case = busy.office.cases.get(opened_on=date(2024, 2, 1))
    CorrectAct(
        actor=None, case=case, position=2, changes={"on": date(2025, 1, 8)}, reason="送达回证载明次年"
    ).execute()
    RenameOrganization(actor=None, organization=busy.office, name="改名的局", on=date(2024, 1, 2)).execute()
    DeclareNotCollected(
        actor=None,
        organization=busy.town,
        counting_rule=RECEIVED,
        valid_from=date(2024, 1, 1),
        reason="未建账",
    ).execute()
    ledger = ExportedLedger(exported(tmp_path))
    then = recount(ledger, [ask(rule, busy.body, moment) for rule in rules])
    now = recount(ledger, [ask(rule, busy.body) for rule in rules])
    assert [said(one) for one in then] == before
    assert [said(one) for one in now] == [
        said(Counting(busy.body, *YEAR).count(rule.counting_rule)) for rule in rules
    ]
    assert [said(one) for one in now] != before
    assert now[0].missing == ("新名镇人民政府",)


def test_what_is_not_collected_or_no_power_is_no_zero(busy: Town, tmp_path: Path) -> None:
    DeclareNotCollected(
        actor=None,
        organization=busy.body,
        counting_rule=RECEIVED,
        valid_from=date(2024, 1, 1),
        reason="未建账",
    ).execute()
    known, town_types = catalogue(), catalogue().levels["town"].case_types
    powerless = next(rule for rule in RULES if rule.case_type and rule.case_type not in town_types)
    ledger = ExportedLedger(exported(tmp_path))
    declared, none = recount(
        ledger, [ask(known.counting_rules[RECEIVED], busy.office), ask(powerless, busy.town)]
    )
    assert (declared.status, declared.value) == ("not_collected", None)
    assert (none.status, none.value) == ("no_power", None)


def test_a_removed_and_an_altered_record_are_faults_and_not_counted(busy: Town, tmp_path: Path) -> None:
    path = exported(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    case = busy.office.cases.get(opened_on=date(2024, 2, 1))
    places = [n for n, line in enumerate(lines) if str(case.pk) in line]
    question = [ask(catalogue().counting_rules[RECEIVED], busy.body)]
    whole = recount(ExportedLedger(path), question)[0].value or 0

    path.write_text("".join(line for n, line in enumerate(lines) if n != places[1]), encoding="utf-8")
    ledger = ExportedLedger(path)
    (figure,) = recount(ledger, question)
    assert figure.value == whole - 1
    assert [fault.kind for fault in ledger.faults] == ["gap", "file"]

    row = json.loads(lines[places[1]])
    row["record"]["happened_on"] = "2024-02-02"
    path.write_text(
        "".join([*lines[: places[1]], json.dumps(row) + "\n", *lines[places[1] + 1 :]]), encoding="utf-8"
    )
    ledger = ExportedLedger(path)
    assert recount(ledger, question)[0].value == whole - 1
    assert [fault.kind for fault in ledger.faults] == ["digest"]


def test_a_missing_holiday_notice_is_told(busy: Town, tmp_path: Path) -> None:
    KeepNotice(actor=None, content=NOTICE.encode(), name="放假.yaml").execute()
    ledger = ExportedLedger(exported(tmp_path))
    assert notice_faults(ledger) == ()
    (tmp_path / "calendar" / "2027.yaml").unlink()
    (told,) = notice_faults(ledger)
    assert "2027.yaml" in told


def test_before_anything_was_known_there_is_nothing(busy: Town, tmp_path: Path) -> None:
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    rule = catalogue().counting_rules[RECEIVED]
    (figure,) = recount(ExportedLedger(exported(tmp_path)), [ask(rule, busy.body, long_ago)])
    assert figure.records == ()
