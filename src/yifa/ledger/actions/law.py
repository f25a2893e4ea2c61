"""Following a new text of a law."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yifa.law.amending import Amending, Amendment, parse_amendment
from yifa.law.loader import catalogue
from yifa.ledger.actions.acts import ChangeFacts
from yifa.ledger.actions.base import Action
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.amending import folder, impact
from yifa.ledger.models import Case, Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused


@dataclass(kw_only=True)
class FollowNewText(Action[Amendment]):
    """Keeps the file of a new text in the data folder; where it moves open cases, says so in each of them.

    Attributes:
        content: The YAML file; `today` the day on which open cases are looked at.
    """

    needs = Needs("录入新法", (Role.COORDINATOR,))

    actor: User | None
    content: bytes
    today: date

    def check(self) -> None:
        """Refuses who does not coordinate the whole body, a file that is wrong, and a text that is followed already."""
        self._admit(self._body())
        self._path(self._read())

    def _body(self) -> Organization:
        body = Organization.objects.body()
        if body is None:
            raise ActionRefused("还没有建立单位，不能录入新法。请先运行 yifa init。", code="missing")
        return body

    def _read(self) -> Amendment:
        return parse_amendment(self.content, catalogue())

    def _path(self, amendment: Amendment) -> Path:
        law = catalogue().laws.find(amendment.law)
        path = folder() / f"{amendment.effective}-{law.id if law else ''}.yaml"
        if path.exists():
            raise ActionRefused(f"这部法律自{amendment.effective}起的文本已经录入过了。", code="duplicate")
        return path

    def _change(self) -> Amendment:
        amendment = self._read()
        path = self._path(amendment)
        moving = impact(Amending(catalogue(), amendment), self.today).cases
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        try:
            catalogue.cache_clear()
            payload = {"file": path.name, "sha256": hashlib.sha256(self.content).hexdigest()}
            record_of(self._body(), "law.followed", None, self.actor, payload)
            if amendment.transition == "move":
                self._move(amendment, {one.case.pk: one.case for one in moving if one.movable}.values())
        except BaseException:
            path.unlink()
            catalogue.cache_clear()
            raise
        return amendment

    def _move(self, amendment: Amendment, cases: Iterable[Case]) -> None:
        """Let the cases follow the new text, each by a record of its own."""
        reason = f"依过渡规定，自{amendment.effective}起适用新的《{amendment.law}》"
        for case in cases:
            fact = catalogue().case_types[case.case_type].governed_by_fact or ""
            facts = {fact: amendment.effective.isoformat()}
            ChangeFacts(actor=self.actor, case=case, facts=facts, reason=reason).execute()
