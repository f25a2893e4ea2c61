"""What follows from a reconciliation: the ledger follows the list by acts, corrections and changes of facts, or a note says why
not, each with a reason; what only the list has is handed to the import.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from yifa.exchange.comparing import settle, standing
from yifa.exchange.models import Import, ReconciledRow, Reconciliation
from yifa.exchange.reconciling import Side
from yifa.exchange.targets import target_of
from yifa.ledger.models import User
from yifa.ledger.refusal import ActionRefused

FOLLOWED, SENT, NOTED, HANDED = "已按表更正", "已按表送审", "已说明", "已转导入"
DONE = (FOLLOWED, SENT)  # what is not to be done once more; a note can be written anew
How = ReconciledRow.How


def waits_for_approval(rec: Reconciliation) -> bool:
    """Whether what follows from it is drafted and published by somebody else."""
    register = target_of(rec.target).register
    return register is not None and register.approval


def follow(rec: Reconciliation, rows: Sequence[ReconciledRow], actor: User, reason: str) -> dict[int, str]:
    """Makes the ledger say what the list says, row by row; why not, by row, where the ledger refuses."""
    _refuse_without_reason(reason)
    side = Side(rec, rec.attachment, rec.sheet, rec.mapping)
    wanted = {row.row: row for row in rows if row.how == How.DIFFERENT and row.subject_id and row.row}
    sent = waits_for_approval(rec)
    refused: dict[int, str] = {}
    for said in side.rows(frozenset(number for number in wanted if number)):
        row = wanted[said.row]
        held = standing(side.target, [row.subject_id] if row.subject_id else [])
        words = f"与“{rec.attachment.name}”第 {said.row} 行对账：{reason.strip()}"
        source = {"file": rec.attachment_id, "row": said.row, "reconciliation": str(rec.pk)}
        try:
            with transaction.atomic():
                stands = held[row.subject_id]  # type: ignore[index]
                steps = settle(side.target, said, stands, actor, words, source, side.reader.units)
                if not steps:
                    raise ActionRefused(
                        "不同之处不能按表更正（如表里有结果而没有日期）；请打开这一件更正，或者只写明原因。",
                        code="invalid",
                    )
                _settled(row, SENT if sent else FOLLOWED, reason, actor)
        except ActionRefused as why:
            refused[said.row] = why.message
    return refused


def note(rows: Sequence[ReconciledRow], actor: User, reason: str) -> None:
    """Keeps why something is as it is; the ledger is not changed."""
    _refuse_without_reason(reason)
    for row in rows:
        _settled(row, NOTED, reason, actor)


def hand_over(rec: Reconciliation, rows: Sequence[ReconciledRow], actor: User) -> Import:
    """What only the list has, as an import that takes these rows."""
    numbers = sorted({row.row for row in rows if row.how == How.THERE and row.row})
    if not numbers:
        raise ActionRefused("没有选中“只在外来表”的行，没有可以转去导入的。", code="invalid")
    with transaction.atomic():
        made = Import.objects.create(
            organization=rec.organization, actor=actor, target=rec.target, attachment=rec.attachment, sheet=rec.sheet,
            mapping={**rec.mapping, "only": numbers}, total=len(numbers),
        )  # fmt: skip
        for row in rows:
            if row.row in numbers:
                _settled(row, HANDED, "", actor)
    return made


def _settled(row: ReconciledRow, how: str, reason: str, actor: User) -> None:
    row.settled, row.settled_by, row.settled_at = how, actor, timezone.now()
    row.note = reason.strip() or row.note
    row.save(update_fields=["settled", "settled_by", "settled_at", "note"])


def _refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise ActionRefused("请写明理由；理由随更正或者说明一并留痕。", code="invalid", field="reason")
