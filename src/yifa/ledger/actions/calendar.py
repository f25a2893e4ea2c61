"""The yearly holiday notice."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from yifa.law.calendar import default_calendar, keep_notice
from yifa.ledger.actions.base import Action
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused


@dataclass(kw_only=True)
class KeepNotice(Action[Path]):
    """Enters a holiday notice (YAML); working days are counted by it from then on.

    A wrong notice raises NoticeError, one that leaves out a year UnknownYearError; nothing is kept then.
    """

    needs = Needs("录入放假通知", (Role.COORDINATOR,))

    actor: User | None
    content: bytes
    name: str

    def check(self) -> None:
        """Refuses who does not coordinate the whole body: the calendar holds for all units."""
        self._admit(self._body())

    def _body(self) -> Organization:
        body = Organization.objects.body()
        if body is None:
            raise ActionRefused("还没有建立单位，不能录入放假通知。请先运行 yifa init。", code="missing")
        return body

    def _change(self) -> Path:
        with tempfile.TemporaryDirectory(prefix="yifa-notice-") as folder:
            given = Path(folder) / f"{Path(self.name).stem or '通知'}.yaml"
            given.write_bytes(self.content)
            kept = keep_notice(given, Path(settings.DATA) / "calendar", default_calendar())
        payload = {"file": kept.name, "sha256": hashlib.sha256(self.content).hexdigest()}
        record_of(self._body(), "calendar.kept", None, self.actor, payload)
        return kept
