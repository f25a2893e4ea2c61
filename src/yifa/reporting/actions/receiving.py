"""Reports of the units below: one comes in, goes back with what was found, or is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yifa.law.loader import catalogue
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.actions.base import said, today
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import Organization, Role, Subject
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.actions.base import ReportingAction
from yifa.reporting.incoming.examining import Examined, examine
from yifa.reporting.models import Delivery, IncomingReport

OUTLINE = "annual_report"
LARGEST = 60 * 1024 * 1024  # bytes of one file


class _Incoming(ReportingAction[IncomingReport]):
    """What the changes share."""

    def _tell(self, incoming: IncomingReport, kind: str, on: date, payload: Mapping[str, Any]) -> None:
        append_record(Subject.REPORT, incoming.pk, kind, incoming.unit, on, self.actor, payload)


@dataclass(frozen=True, kw_only=True)
class ReceiveReport(_Incoming):
    """Takes in the report of a unit, examines it and keeps it with what was found.

    The unit hands it in itself, or the body above enters what came by another way. `on` is the day it came in.
    """

    needs = Needs("报送年度报告", (Role.COORDINATOR, Role.OFFICER))

    unit: Organization
    year: int
    content: bytes
    name: str
    on: date | None = None
    outline: str = OUTLINE

    def check(self) -> None:
        """Refuses strangers, a year to come, a day to come, an empty or huge file, a report that has been accepted."""
        self._admit(self.unit)
        if self.unit.parent_id is None:
            raise ActionRefused("本级没有上级单位在这个系统里，不在这里报送。", code="invalid", field="unit")
        if self.outline not in catalogue().outlines:
            raise ActionRefused(f"目录里没有报告大纲“{self.outline}”。", code="missing")
        if not 1990 <= self.year <= today().year:
            raise ActionRefused(
                f"{self.year}年度的报告现在还不能报送，请核对年度。", code="invalid", field="year"
            )
        if (self.on or today()) > today():
            raise ActionRefused("收到日期还没有到，请改正。", code="invalid", field="on")
        if not self.content.strip():
            raise ActionRefused("文件是空的，没有收。请检查后重新选择。", code="empty", field="file")
        if len(self.content) > LARGEST:
            raise ActionRefused(
                "文件超过60兆字节，没有收。请去掉图片后重新保存。", code="too_large", field="file"
            )
        known = self._known()
        if known is not None and known.state == IncomingReport.State.ACCEPTED:
            raise ActionRefused(f"{known}的报告已经接收。确需更换的，请先由收文单位退回。", code="state")

    def _known(self) -> IncomingReport | None:
        return IncomingReport.objects.filter(unit=self.unit, year=self.year, outline=self.outline).first()

    def _change(self) -> IncomingReport:
        examined = examine(self.content, self.name, (self.unit, self.year, self.outline), self._others())
        incoming, _ = IncomingReport.objects.select_for_update().get_or_create(
            unit=self.unit, year=self.year, outline=self.outline
        )
        paper = StoreAttachment(actor=self.actor, content=self.content, name=self.name).execute()
        before = incoming.deliveries.last()
        if before is not None and before.decision == Delivery.Decision.NONE:
            before.decision = Delivery.Decision.REPLACED
            before.save(update_fields=["decision"])
        number = before.number + 1 if before else 1
        self._store(incoming, number, paper.pk, examined)
        incoming.state = IncomingReport.State.RECEIVED
        incoming.save(update_fields=["state"])
        return incoming

    def _store(self, incoming: IncomingReport, number: int, sha256: str, examined: Examined) -> None:
        on = self.on or today()
        delivery = Delivery.objects.create(
            incoming=incoming,
            number=number,
            received_on=on,
            received_by=self.actor,
            name=self.name[-255:],
            attachment_id=sha256,
            title=examined.title,
            text=examined.text,
            findings=examined.findings,
            compared=examined.compared,
            remarks=examined.remarks,
        )
        self._tell(
            incoming,
            "incoming.received",
            on,
            {
                "year": self.year,
                "outline": self.outline,
                "number": number,
                "attachment": sha256,
                "errors": delivery.errors,
                "warnings": delivery.warnings,
                "differing": delivery.differing,
            },
        )

    def _others(self) -> list[tuple[str, str]]:
        """What the other units under the same body handed in last for the year."""
        rows = Delivery.objects.filter(
            incoming__year=self.year, incoming__outline=self.outline, incoming__unit__parent=self.unit.parent
        ).exclude(incoming__unit=self.unit)
        latest: dict[Any, tuple[str, str]] = {}
        for unit, name, text in rows.order_by("number").values_list("incoming__unit", "name", "text"):
            latest[unit] = (name, text)
        return list(latest.values())


@dataclass(frozen=True, kw_only=True)
class _Decide(_Incoming):
    """The body above decides on the last delivery."""

    needs = Needs("审核下级报告", (Role.COORDINATOR,))

    incoming: IncomingReport
    words: str = ""

    def check(self) -> None:
        """Refuses strangers, and a report on which nothing waits for a decision."""
        assert self.incoming.unit.parent is not None  # noqa: S101  # ReceiveReport has looked
        self._admit(self.incoming.unit.parent)
        self._refuse()

    def _refuse(self) -> None:
        if self.incoming.state != IncomingReport.State.RECEIVED:
            raise ActionRefused(
                f"{self.incoming}的报告{self.incoming.get_state_display()}，没有待审核的文稿。", code="state"
            )

    def _decided(self, state: str, decision: str, kind: str) -> IncomingReport:
        incoming = IncomingReport.objects.select_for_update().select_related("unit").get(pk=self.incoming.pk)
        if incoming.state != self.incoming.state:
            raise ActionRefused("这份报告刚被他人审核，请刷新后查看。", code="conflict")
        delivery = incoming.deliveries.last()
        assert delivery is not None  # noqa: S101  # a report comes into being with a delivery
        delivery.decision, delivery.words = decision, self.words.strip()
        delivery.decided_on, delivery.decided_by = today(), self.actor
        delivery.save(update_fields=["decision", "words", "decided_on", "decided_by"])
        incoming.state = state
        incoming.save(update_fields=["state"])
        self._tell(incoming, kind, today(), {"number": delivery.number, "words": delivery.words})
        return incoming


@dataclass(frozen=True, kw_only=True)
class ReturnReport(_Decide):
    """Sends the report back for correction; an accepted one too, if it must be changed after all."""

    def _refuse(self) -> None:
        if self.incoming.state == IncomingReport.State.RETURNED:
            raise ActionRefused(f"{self.incoming}的报告已经退回，还没有收到新的一稿。", code="state")
        said(self.words, "退回理由", "words", most=2000)

    def _change(self) -> IncomingReport:
        return self._decided(IncomingReport.State.RETURNED, Delivery.Decision.RETURNED, "incoming.returned")


@dataclass(frozen=True, kw_only=True)
class AcceptReport(_Decide):
    """Accepts the report; where it has errors or differs from the ledger only with a word why."""

    def _refuse(self) -> None:
        super()._refuse()
        delivery = self.incoming.deliveries.last()
        if delivery is None or not (delivery.errors or delivery.differing or delivery.remarks):
            return
        if not self.words.strip():
            raise ActionRefused(
                f"这一稿还有错误{delivery.errors}处、与台账不一致{delivery.differing}处、需核对{len(delivery.remarks)}处。"
                "请退回修改，或者写明为什么仍然接收。",
                code="unexplained",
                field="words",
            )
        said(self.words, "接收说明", "words", most=2000)

    def _change(self) -> IncomingReport:
        return self._decided(IncomingReport.State.ACCEPTED, Delivery.Decision.ACCEPTED, "incoming.accepted")
