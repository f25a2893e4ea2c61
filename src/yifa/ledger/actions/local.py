"""Giving a length of time that the law leaves to the locality."""

from __future__ import annotations

from dataclasses import dataclass

from yifa.law.loader import catalogue
from yifa.law.local import LocalLength, clock_durations, write_lengths
from yifa.ledger.actions.base import Action
from yifa.ledger.actions.organizations import record_of
from yifa.ledger.installation.local import file, given
from yifa.ledger.models import Organization, Role, User
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused


@dataclass(kw_only=True)
class GiveLocalLength(Action[LocalLength]):
    """Keeps a local length; from its day on cases are counted by it. One of the same day for the same clock is replaced."""

    needs = Needs("填写本地期限", (Role.COORDINATOR,))

    actor: User | None
    length: LocalLength

    def check(self) -> None:
        """Refuses who does not coordinate the whole body, a length that the law gives itself, one without its document."""
        self._admit(self._body())
        if not self.length.document.strip():
            raise ActionRefused(
                "请填写规定这个期限的本地文件名称或者文号。", code="invalid", field="document"
            )
        known = {one.place for one in given()}
        if self.length.place not in known and self._by_law():
            raise ActionRefused(
                "这个期限法律已有规定，或者目录里没有这个时限，不能由本地另定。", code="invalid"
            )

    def _body(self) -> Organization:
        body = Organization.objects.body()
        if body is None:
            raise ActionRefused("还没有建立单位，不能填写本地期限。请先运行 yifa init。", code="missing")
        return body

    def _by_law(self) -> bool:
        case = catalogue().case_types.get(self.length.case_type)
        clock = case.clocks.get(self.length.clock) if case else None
        if case is None or clock is None:
            return True
        durations = {extension: found for extension, _, found in clock_durations(case, clock)}
        found = durations.get(self.length.extension)
        return not found or found[-1].length is not None or found[-1].valid_to is not None

    def _change(self) -> LocalLength:
        kept = [
            one
            for one in given()
            if (one.place, one.valid_from) != (self.length.place, self.length.valid_from)
        ]
        before = file().read_bytes() if file().is_file() else None
        write_lengths(file(), [*kept, self.length])
        catalogue.cache_clear()
        try:
            payload = self.length.model_dump(mode="json", by_alias=True)
            record_of(self._body(), "law.local_length", None, self.actor, payload)
        except BaseException:
            if before is None:
                file().unlink()
            else:
                file().write_bytes(before)
            catalogue.cache_clear()
            raise
        return self.length
