from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import models
from django.utils import timezone

from tests.ledger.conftest import Town
from tests.ledger.registers import sample, value
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.actions import (
    ActionRefused,
    ChangeFacts,
    CorrectAct,
    OpenCase,
    PublishEntry,
    RecordAct,
    ReviseEntry,
    WithdrawEntry,
)
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.installation import jobs
from yifa.ledger.legal import no_power
from yifa.ledger.models import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    Entry,
    EntryVersion,
    Handover,
    NumberSeries,
    Organization,
    ProjectionState,
    Record,
    Subject,
)
from yifa.ledger.proof.verification import verify
from yifa.ledger.rows.kinds import outdated
from yifa.ledger.rows.rebuilding import rebuild

TABLES = (Case, CaseAct, CaseClock, CaseFinding, Handover, Entry, EntryVersion, NumberSeries)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """All projections, without the rows' own serials."""
    return {model.__name__: sorted(map(repr, _rows(model))) for model in TABLES}  # type: ignore[misc]


def _rows(model: type[models.Model]) -> Iterator[tuple[Any, ...]]:
    names = [
        field.attname for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)
    ]
    yield from model._default_manager.values_list(*names)


def _records() -> int:
    """The records of cases and entries."""
    return Record.objects.filter(subject__in=(Subject.CASE, Subject.ENTRY)).count()


def _with(place: Town, **power: str) -> list[Organization]:
    """The units that have such cases or such a register; the body where no other has."""
    below = [unit for unit in (place.office, place.town) if no_power(unit.level, **power) is None]
    return below or [place.body]


def walk(place: Town, seed: int) -> None:
    """A year's work at random over every case type: live, back, refused, corrected, withdrawn."""
    chance = random.Random(seed)
    for name, case_type in catalogue().case_types.items():
        organization = chance.choice(_with(place, case_type=name))
        on = date(2024, 1, 2) + timedelta(days=chance.randrange(100))
        facts = {
            key: value(spec)
            for key, spec in case_type.facts.items()
            if spec.required or chance.random() < 0.3
        }
        case = OpenCase(
            actor=None, organization=organization, case_type=name, on=on, facts=facts, entered="back"
        ).execute()
        if case_type.number:
            RecordAct(actor=None, case=case, act=case_type.number.act, on=on, entered="back").execute()
        for _ in range(8):
            on += timedelta(days=chance.randrange(9))
            state = state_of(case, on)
            live = chance.random() < 0.8
            act = chance.choice(list(state.next if live and state.next else case_type.acts))
            kind = case_type.acts[act]
            try:
                RecordAct(
                    actor=None, case=case, act=act, on=on, entered="live" if live else "back",
                    outcome=chance.choice(kind.outcomes) if kind.outcomes else None,
                    fields={key: value(spec) for key, spec in kind.fields.items() if spec.required},
                    evidence=[{"title": title, "attachment": None} for title in kind.evidence],
                ).execute()  # fmt: skip
            except ActionRefused as refused:
                assert refused.code in {"refused", "invalid"}
        position = chance.choice(case.acts.values_list("position", flat=True))
        changes = {"on": on - timedelta(days=chance.randrange(1, 5)), "by": "乙二"}
        CorrectAct(actor=None, case=case, position=position, changes=changes, reason="录错").execute()
        if case.acts.count() > 1:
            last = case.acts.order_by("-position").values_list("position", flat=True)[0]
            CorrectAct(actor=None, case=case, position=last, withdraws=True, reason="重复录入").execute()
        ChangeFacts(actor=None, case=case, facts={}, reason="核对", title=f"核对后的名称{seed}").execute()
    for register in sorted(catalogue().registers, key=_names_another):
        entry = PublishEntry(
            actor=None, organization=_with(place, register=register)[0], register=register, on=date(2024, 3, 1),
            data=sample(register, _named(register) | {"code": f"K{seed}", "name": "示例"}),
        ).execute()  # fmt: skip
        ReviseEntry(actor=None, entry=entry, data=entry.data, on=date(2024, 4, 1), reason="核对").execute()
        if chance.random() < 0.5:
            WithdrawEntry(actor=None, entry=entry, on=date(2024, 5, 1), reason="取消").execute()


def _names_another(register: str) -> bool:
    return any(spec.register_ for spec in catalogue().registers[register].fields.values())


def _named(register: str) -> dict[str, str]:
    """The entries that an entry names: those entered before it."""
    fields = catalogue().registers[register].fields
    return {
        name: Entry.objects.filter(register=spec.register_)[0].key
        for name, spec in fields.items()
        if spec.register_
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_rebuilding_changes_nothing(place: Town, seed: int) -> None:
    walk(place, seed)
    before = dump()
    assert all(before[model.__name__] for model in TABLES)
    assert verify().faults == ()
    moved: list[tuple[int, int]] = []
    assert rebuild(lambda done, total: moved.append((done, total))) == _records()
    assert dump() == before
    assert moved[-1] == (_records(), _records())
    for model in reversed(TABLES):
        model._default_manager.all().delete()
    rebuild()
    assert dump() == before
    assert verify().faults == ()


def test_rebuilding_removes_what_no_record_carries(place: Town) -> None:
    case = place.request()
    Case.objects.filter(pk=case.pk).update(title="改动")
    Case.objects.create(
        case_type="information_request", organization=place.office, title="无据", level="county", status=""
    )
    rebuild()
    assert [case.title for case in Case.objects.all()] == ["申请公开示例道路改造的验收资料"]


def test_a_damaged_ledger_is_not_rebuilt(place: Town) -> None:
    from django.db import connection

    place.request()
    before = dump()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_record SET payload = '{}' WHERE kind = 'act.recorded'")
    with pytest.raises(YifaError, match=r"不能由它重建.*申请公开示例道路改造.*verify"):
        rebuild()
    assert dump() == before


def test_projections_do_not_depend_on_today(place: Town) -> None:
    place.request(on=timezone.localdate() - timedelta(days=2))
    before = dump()

    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        rebuild()
    assert dump() == before


def test_new_rules_make_the_projections_anew(place: Town, own_folder: Path) -> None:
    case = place.request()
    assert not outdated() and jobs.daily(timezone.localdate()).rebuilt is None
    ProjectionState.objects.update(rows="other")
    Case.objects.filter(pk=case.pk).update(status="旧规则下的状态")
    assert outdated() and verify().faults == ()  # old is not wrong
    Case.objects.filter(pk=case.pk).update(title="改动")
    assert [fault.kind for fault in verify().faults] == ["projection"]
    assert jobs.daily(timezone.localdate()).rebuilt == _records()
    assert not outdated() and verify().faults == ()


def test_daily_seals_once(place: Town) -> None:
    today = timezone.localdate()
    assert jobs.daily(today).sealed == 0
    assert jobs.daily(today + timedelta(days=1)).sealed == 1
    assert jobs.daily(today + timedelta(days=1)).sealed == 0
