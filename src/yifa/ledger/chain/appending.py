"""The only way a record comes into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from yifa.ledger.chain.canonical import GENESIS, canonical, chain_digest, recorded_columns
from yifa.ledger.models import Organization, Record, Seal, Subject, User
from yifa.ledger.people.roles import behalf
from yifa.ledger.refusal import ActionRefused

CONFLICT = "这个{what}刚被他人更新，您看到的已不是最新内容；您的录入没有保存，请刷新后再录。"


def conflict(subject: str) -> ActionRefused:
    """The refusal for the slower of two people."""
    return ActionRefused(CONFLICT.format(what=Subject(subject).label), code="conflict")


def as_imported(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a record whose moment of recording lies in the past, marked as such."""
    return {**payload, "imported": True}


@dataclass(frozen=True)
class Recording:
    """A moment at which somebody records; makes the columns of records."""

    recorded_at: datetime
    recorded_by: User | None

    @cached_property
    def day(self) -> date:
        """The local day of the moment."""
        return timezone.localdate(self.recorded_at)

    @cached_property
    def _said(self) -> str:
        """Moment, name and day, as the digest takes them."""
        name = self.recorded_by.get_username() if self.recorded_by else None
        return recorded_columns(self.recorded_at, self.day, name)

    def columns(  # noqa: PLR0917 - as append_record
        self, subject: str, subject_id: UUID, position: int, previous: str, kind: str, organization: Organization,
        happened_on: date | None, payload: Mapping[str, Any],
    ) -> dict[str, Any]:  # fmt: skip
        """A record's columns with its digest, by the names of the model. Pure."""
        text = canonical(payload)
        digest = self.digest(subject, subject_id, position, previous, kind, organization, happened_on, text)
        return {
            "subject_id": subject_id, "position": position, "happened_on": happened_on, "payload": text,
            "previous": previous, "digest": digest, **self.shared(subject, kind, organization),
        }  # fmt: skip

    def digest(  # noqa: PLR0917 - as append_record
        self, subject: str, subject_id: UUID, position: int, previous: str, kind: str, organization: Organization,
        happened_on: date | None, text: str,
    ) -> str:  # fmt: skip
        """The digest of a record whose payload is given as text. Pure."""
        return chain_digest(
            happened_on,
            kind,
            organization.code,
            text,
            position,
            previous,
            self._said,
            str(subject),
            subject_id,
        )

    def shared(self, subject: str, kind: str, organization: Organization) -> dict[str, Any]:
        """The columns that all records of a kind and an organization have alike."""
        return {
            "subject": str(subject), "kind": kind, "organization_id": organization.pk, "recorded_at": self.recorded_at,
            "recorded_on": self.day, "recorded_by_id": self.recorded_by.pk if self.recorded_by else None,
        }  # fmt: skip


def build_record(
    *,
    subject: str,
    subject_id: UUID,
    position: int,
    previous: str,
    kind: str,
    organization: Organization,
    happened_on: date | None,
    recorded_at: datetime,
    recorded_by: User | None,
    payload: Mapping[str, Any],
) -> Record:
    """A record with its digest, not stored. Pure."""
    recording = Recording(recorded_at, recorded_by)
    columns = recording.columns(
        subject, subject_id, position, previous, kind, organization, happened_on, payload
    )
    return Record(**columns)


def append_record(  # noqa: PLR0917 - the signature agreed between the rooms
    subject: str,
    subject_id: UUID,
    kind: str,
    organization: Organization,
    happened_on: date | None,
    actor: User | None,
    payload: Mapping[str, Any],
    *,
    expected_length: int | None = None,
    recorded_at: datetime | None = None,
    held: tuple[int, str] | None = None,
) -> Record:
    """Adds a record at the end of its subject's chain.

    Args:
        subject: One of `Subject`.
        subject_id: The chain's id.
        kind: What happened, e.g. "act.recorded".
        organization: Whose record it is.
        happened_on: The day on which it happened; None where that means nothing.
        actor: Who records; None for the system.
        payload: What happened, storable as JSON (dates allowed).
        expected_length: The chain's length the caller has seen; another length is a conflict.
        recorded_at: Only for imports: the moment in the past. The payload is then marked `"imported": true`.
        held: The chain's length and last digest, from whoever holds it against others: nothing is asked, nobody can be
            faster.

    Raises:
        ActionRefused: `conflict` where somebody was faster, `sealed` where the day is closed.
    """
    if recorded_at is not None:
        payload = as_imported(payload)
    if (absent := behalf(actor)) is not None:
        payload = {**payload, "behalf": absent}
    at = recorded_at or timezone.now()
    refuse_sealed(timezone.localdate(at))
    position, previous = held or _last(subject, subject_id)
    if expected_length is not None and expected_length != position:
        raise conflict(subject)
    record = build_record(
        subject=subject,
        subject_id=subject_id,
        position=position + 1,
        previous=previous,
        kind=kind,
        organization=organization,
        happened_on=happened_on,
        recorded_at=at,
        recorded_by=actor,
        payload=payload,
    )
    try:
        with (
            nullcontext() if held else transaction.atomic()
        ):  # after a conflict the caller's transaction goes on
            record.save()
    except IntegrityError as error:
        raise conflict(subject) from error
    return record


def _last(subject: str, subject_id: UUID) -> tuple[int, str]:
    """The length and the last digest of a chain."""
    chain = Record.objects.filter(subject=subject, subject_id=subject_id).order_by("-position")
    return chain.values_list("position", "digest").first() or (0, GENESIS)


def refuse_sealed(day: date) -> None:
    """Refuses a moment of recording on a day that has been sealed."""
    sealed = Seal.objects.filter(day__gte=day).order_by("-day").values_list("day", flat=True).first()
    if sealed is not None:
        raise ActionRefused(
            f"台账已封存到{sealed:%Y年%-m月%-d日}，不能再把记录的录入时间写为{day:%Y年%-m月%-d日}。"
            "请检查这台机器的日期；补录往日的事请用今天的录入时间、填写发生日期。",
            code="sealed",
        )
