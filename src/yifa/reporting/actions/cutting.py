"""Why words of the signed report are not on the public page: a reason and a legal basis for each cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yifa.law.loader import catalogue
from yifa.ledger.actions import ReviseEntry
from yifa.ledger.actions.base import said, today
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reading.numerals import integer
from yifa.reporting import cuts
from yifa.reporting.actions.base import ReportingAction
from yifa.reporting.actions.publishing import PUBLISHERS
from yifa.reporting.models import CutReason, Step, TextComparison

_BASIS = re.compile(r"《([^《》]+)》第([零一二三四五六七八九十百千\d]+)条")
LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class ExplainCuts(ReportingAction[int]):
    """Gives reasons for cuts of one comparison: `given` is key of the cut -> (reason, legal basis).

    Only what the secrecy review decided not to publish may be cut. Once all differences are explained, the alarm about
    the page ends; the reasons stay with the report and on the register of published texts.
    """

    needs = Needs("说明不公开的内容", PUBLISHERS)

    comparison: TextComparison
    given: Mapping[str, tuple[str, str]]

    def check(self) -> None:
        """Refuses other roles, changed words, a missing or impossible basis, and cuts that nobody decided."""
        report = self.comparison.report
        self._admit(report.organization)
        reviews = report.steps.filter(kind=Step.Kind.SECRECY).order_by("id")
        last = reviews.last()
        if last is None or last.outcome != cuts.PARTLY:
            outcome = last.outcome if last is not None else "还没有作出"
            raise ActionRefused(
                f"保密审查结论是“{outcome}”，没有决定不公开的内容；页面上缺少的文字请补上，"
                f"确需不公开的，请退回重新作保密审查，结论为“{cuts.PARTLY}”。",
                code="not_decided",
            )
        if not self.given:
            raise ActionRefused("请至少说明一处。", code="invalid")
        rows = {row.key: row for row in cuts.differences(self.comparison)}
        for key, (reason, basis) in self.given.items():
            row = rows.get(key)
            if row is None:
                raise ActionRefused("这处不同已不在这次核对里，请刷新后再填。", code="missing")
            if not row.is_cut:
                raise ActionRefused(
                    f"“{row.change.after[:30]}”是改动或者增加的文字，不是删节，不能作不公开处理；请按签发文本更正页面。",
                    code="changed",
                )
            said(reason, "不公开的理由", f"reason_{key}", LONGEST)
            _check_basis(basis, key)

    def _change(self) -> int:
        """Stores the reasons and tells the register."""
        report, rows = self.comparison.report, {row.key: row for row in cuts.differences(self.comparison)}
        for key, (reason, basis) in self.given.items():
            CutReason.objects.update_or_create(
                report=report,
                key=key,
                defaults={
                    "removed": rows[key].removed,
                    "reason": reason.strip(),
                    "basis": basis.strip(),
                    "given_by": self.actor,
                },
            )
        payload = {
            "link": self.comparison.link,
            "cuts": [
                {
                    "key": key,
                    "length": len(rows[key].removed),
                    "reason": reason.strip(),
                    "basis": basis.strip(),
                }
                for key, (reason, basis) in self.given.items()
            ],
        }
        self._record(report, "report.cuts_explained", payload, today())
        self._tell_register()
        return len(self.given)

    def _tell_register(self) -> None:
        """Only the newest look at a page speaks for it."""
        report, link = self.comparison.report, self.comparison.link
        entry = cuts.entry_of(report, link) if link else None
        newest = report.comparisons.filter(link=link).first()
        if entry is None or newest is None or newest.pk != self.comparison.pk:
            return
        words = {"explained": cuts.settled(self.comparison), "cuts": cuts.said(self.comparison)}
        data = {**entry.data, **words}
        if data != entry.data:
            ReviseEntry(
                actor=None, entry=entry, data=data, on=today(), reason="说明依法不公开的内容"
            ).execute()


def _check_basis(basis: str, key: str) -> None:
    """The basis names a law and an article it has."""
    said(basis, "法律依据", f"basis_{key}", 200)
    named = _BASIS.search(basis)
    if named is None:
        raise ActionRefused(
            f"法律依据“{basis[:40]}”没有写明法律和条文，请写成《中华人民共和国政府信息公开条例》第十五条。",
            code="invalid",
            field=f"basis_{key}",
        )
    laws = catalogue().laws
    law = laws.find(named[1])
    most = laws.articles(law, today()) if law is not None else None
    article = integer(named[2]) or 0
    if law is not None and most is not None and not 0 < article <= most:
        raise ActionRefused(
            f"《{named[1]}》只有{most}条，没有第{named[2]}条，请核对。", code="invalid", field=f"basis_{key}"
        )
