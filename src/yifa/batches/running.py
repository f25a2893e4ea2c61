"""Doing the act on the chosen cases: each by the action that does it on one, all or none of them or those that can."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from yifa.batches.models import CaseBatch
from yifa.ledger.actions import CorrectAct, RecordAct
from yifa.ledger.actions.base import said
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.asking import asked_with
from yifa.procedures.known import known

State, Row = CaseBatch.State, CaseBatch.Row
CHANGED = "选定以后又有人办理过，没有办；请看了现状再办"
STOPPED = "本可以办，因有别的事项不能办而没有办"
CHANGED_SINCE = "批量办理以后又有办理或者更正，没有撤销；请到这一件里更正"


def begin(batch: CaseBatch, case_type: str, act: str, given: Mapping[str, Any]) -> None:
    """Says what is to be done; `given` are the parts `RecordAct` takes. Facts are said of those cases that lack them.

    Raises:
        ActionRefused: it was begun before.
    """
    batch.case_type, batch.act, batch.state = case_type, act, State.RUNNING
    unit = given.get("unit")
    batch.given = {**given, "on": given["on"].isoformat(), "unit": unit.code if unit else None}
    for row in batch.rows:
        row |= {"state": Row.WAITING, "message": ""}
    values = {name: getattr(batch, name) for name in ("case_type", "act", "given", "state", "rows")}
    taken = CaseBatch.objects.filter(pk=batch.pk, state=State.CHOSEN).update(**values)
    if not taken:
        raise ActionRefused("这一批已经办过了，请刷新页面看结果。", code="conflict")


def do_all(batch: CaseBatch) -> None:
    """All or none: where it is refused for one, nothing is recorded and each line says why."""
    rows = [dict(row) for row in batch.rows]
    with transaction.atomic():
        for row in rows:
            _do(batch, row)
        if any(row["state"] == Row.REFUSED for row in rows):
            transaction.set_rollback(True)
    if any(row["state"] == Row.REFUSED for row in rows):
        batch.rows = [
            {**before, "message": STOPPED} if row["state"] == Row.DONE else row
            for before, row in zip(batch.rows, rows, strict=True)
        ]
        batch.state = State.CHOSEN
        batch.save(update_fields=["rows", "state"])
        return
    batch.rows = rows
    _end(batch, State.DONE)


def do_some(batch: CaseBatch, count: int) -> None:
    """The next `count` lines; those for which it is refused are left and say why. Ends the batch after the last one."""
    with transaction.atomic():
        batch = CaseBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != State.RUNNING:
            return
        for row in [row for row in batch.rows if row["state"] == Row.WAITING][:count]:
            _do(batch, row)
        batch.save(update_fields=["rows"])
        if not batch.waiting:
            _end(batch, State.DONE)


def _end(batch: CaseBatch, state: str) -> None:
    batch.state, batch.ended_at = state, timezone.now()
    batch.save(update_fields=["rows", "state", "ended_at"])


def _do(batch: CaseBatch, row: dict[str, Any]) -> None:
    """One case: what is refused is found out before, so that no refused attempt is noted in the ledger for it."""
    try:
        case = _case(row)
        if case.case_type != batch.case_type:
            raise ActionRefused("类型不同，没有这个环节")
        if case.length != row["length"]:
            raise ActionRefused(CHANGED)
        case_type, given = case_type_of(case.case_type), _given(batch.given)
        asked = asked_with(case_type, case.facts, batch.act)
        given["facts"] = {name: value for name, value in given["facts"].items() if name in asked}
        acts = state_of(case, given["on"]).acts
        held = known(case_type, case.facts, acts, batch.act)
        given["fields"] = {name: one.value for name, one in held.items() if not one.rest} | given["fields"]
        action = RecordAct(
            actor=batch.actor,
            case=case,
            act=batch.act,
            expected_length=case.length,
            source={"batch": str(batch.pk)},
            **given,
        )
        with transaction.atomic():
            action.check()
            position = action.execute().position
    except ActionRefused as refused:
        row |= {"state": Row.REFUSED, "message": refused.message}
    else:
        row |= {"state": Row.DONE, "message": "", "position": position, "length": _case(row).length}


def _case(row: Mapping[str, Any]) -> Case:
    case = Case.objects.select_related("organization").filter(pk=row["case"]).first()
    if case is None:
        raise ActionRefused("没有这个事项", code="missing")
    return case


def _given(given: Mapping[str, Any]) -> dict[str, Any]:
    unit = Organization.objects.filter(code=given["unit"]).first() if given.get("unit") else None
    return {"facts": {}, **given, "on": date.fromisoformat(given["on"]), "unit": unit}


def undo(batch: CaseBatch, reason: str) -> None:
    """Withdraws the acts of the batch, each with its record; a case changed since is left alone and says so."""
    reason = said(reason, "撤销的理由", "reason", 300)
    with transaction.atomic():
        batch = CaseBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != State.DONE:
            raise ActionRefused("这一批还没有办完，或者已经撤销，请刷新页面。", code="conflict")
        for row in batch.rows:
            if row["state"] == Row.DONE:
                _undo(batch, row, reason)
        _end(batch, State.DONE if batch.done else State.UNDONE)


def _undo(batch: CaseBatch, row: dict[str, Any], reason: str) -> None:
    try:
        case = _case(row)
        if case.length != row["length"]:
            raise ActionRefused(CHANGED_SINCE)
        CorrectAct(
            actor=batch.actor,
            case=case,
            position=row["position"],
            withdraws=True,
            reason=f"批量撤销：{reason}",
            expected_length=case.length,
        ).execute()
    except ActionRefused as refused:
        row["message"] = refused.message
    else:
        row |= {"state": Row.UNDONE, "message": ""}
