"""Acts that somebody tried and the law refused: kept, so that pressing for them can be seen later.

Each case has a chain of attempts beside its own; what was refused changes nothing in the case.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Case, Record, Subject, User
from yifa.ledger.refusal import ActionRefused

ACT_REFUSED = "act.refused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One refused attempt. `by` is the account that tried, "" for the command line."""

    act: str
    on: date | None
    reason: str
    by: str
    recorded_at: datetime
    digest: str


def log_attempt(case: Case, act: str, on: date, refused: ActionRefused, actor: User | None) -> None:
    """Keeps that an act was tried and why it was refused."""
    payload = {"case_type": case.case_type, "act": act, "reason": refused.message}
    append_record(Subject.ATTEMPT, case.pk, ACT_REFUSED, case.organization, on, actor, payload)


def attempts_of(case: Case) -> tuple[Attempt, ...]:
    """The refused attempts at a case, in order of time."""
    records = Record.objects.filter(subject=Subject.ATTEMPT, subject_id=case.pk).select_related("recorded_by")
    found = []
    for record in records.order_by("position"):
        said = json.loads(record.payload)
        by = record.recorded_by.display_name if record.recorded_by else ""
        found.append(
            Attempt(said["act"], record.happened_on, said["reason"], by, record.recorded_at, record.digest)
        )
    return tuple(found)
