"""Storing files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.utils import timezone

from yifa.ledger.actions.base import Action, said
from yifa.ledger.chain.attachments import write
from yifa.ledger.models import Attachment, User
from yifa.ledger.models.scoping import held
from yifa.ledger.people.needs import BUSINESS, Needs, Reach
from yifa.ledger.refusal import ActionRefused


@dataclass(kw_only=True)
class StoreAttachment(Action[Attachment]):
    """Stores a file under its digest; the same file again gives the attachment that is there.

    It becomes part of the ledger when an act names it among its evidence.
    """

    needs = Needs("上传附件", BUSINESS, reach=Reach.ANYWHERE)

    actor: User | None
    content: bytes | BinaryIO
    name: str

    def check(self) -> None:
        """Refuses somebody without any role, and a file without a name."""
        actor = self.actor
        if (
            actor is not None
            and not actor.is_superuser
            and not any(self.needs.admits(one.role) for one in held(actor))
        ):
            raise ActionRefused("您还没有业务角色，不能上传附件。请联系安全管理员授权。", code="role")
        said(self._name(), "文件名", "name")

    def _name(self) -> str:
        return PurePath(self.name.replace("\\", "/")).name.replace("\x00", "")[-255:]

    def _change(self) -> Attachment:
        stored = write(self.content)
        attachment, _ = Attachment.objects.get_or_create(
            pk=stored.sha256,
            defaults={
                "name": self._name(),
                "size": stored.size,
                "media_type": stored.media_type,
                "stored_at": timezone.now(),
                "stored_by": self.actor,
            },
        )
        return attachment
