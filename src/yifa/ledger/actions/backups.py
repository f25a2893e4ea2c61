"""Backups leave a trace: who made one, who took one away."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.ledger.actions.base import Action
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.models import Organization, Record, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused


@dataclass(kw_only=True)
class NoteBackup(Action[Record]):
    """Records that a backup was made, or (`taken`) that its file left the server. Check before doing it."""

    needs = Needs("备份和下载备份", (Role.SYSTEM,), "在本级；审计管理员在管理日志里看得到")

    actor: User | None
    name: str
    digest: str = ""
    taken: bool = False

    def check(self) -> None:
        """Refuses who does not administer the system of the whole body."""
        self._admit(self._body())

    def _body(self) -> Organization:
        body = Organization.objects.body()
        if body is None:
            raise ActionRefused("还没有建立单位，没有可备份的内容。请先建立单位。", code="missing")
        return body

    def _change(self) -> Record:
        kind = "backup.taken" if self.taken else "backup.made"
        payload = {"file": self.name, **({"sha256": self.digest} if self.digest else {})}
        return record_of(self._body(), kind, None, self.actor, payload)
