"""What holds up the next step of a report, in words: the pages show it, the actions refuse with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from yifa.law.phrases import day
from yifa.ledger.models import Organization
from yifa.reporting.models import Comment, Report, Step, UnitPart
from yifa.reporting.problems import unanswered


class Reason(str):
    """What holds up a step, and the page on which it is put right (the name of its address; empty where there is none)."""

    __slots__ = ("page",)

    page: str

    def __new__(cls, words: str, page: str = "") -> Reason:
        """The words with their page."""
        reason = super().__new__(cls, words)
        reason.page = page
        return reason


CONFIRMS, OBJECTS = "确认无误", "有意见"
PASSED, FAILED = "通过", "不通过"
CONFIRMATIONS, LEGALITY = (CONFIRMS, OBJECTS), (PASSED, FAILED)


def before_units(report: Report) -> tuple[str, ...]:
    """What holds up sending the composed report to the units: their parts, remarks, problems unanswered."""
    late = [
        part for part in _parts(report) if part.state in (UnitPart.State.WRITING, UnitPart.State.RETURNED)
    ]
    words = f"还有{len(late)}份单位稿没有提交：{_units_of(late)}，请催办；不要的，没有动笔的取消分派，已经动笔的写明不采用"
    reasons = [Reason(words, "report_parts")] if late else []
    # an answer to a problem is text, and behind this step text stands
    return (*reasons, *_comments(report), *_problems(report), *_year(report))


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Parts handed in that the body neither took over nor put aside: `fact`, and with what can be done `words`."""

    fact: str
    page: str = "report_parts"

    @property
    def words(self) -> str:
        """For whoever is about to send the report on."""
        return (
            f"{self.fact}。送出后正文不再改动，请先采用、退回或者写明不采用；内容已经改写进正文的，可以照送。"
        )


def not_taken(report: Report) -> NotTaken | None:
    """The parts handed in and left, while something can be done; None without any.

    It holds nothing up: the body may have written the whole anew from them.
    """
    left = [part for part in _parts(report) if part.state == UnitPart.State.HANDED_IN]
    if not left or report.state != Report.State.DRAFT:
        return None
    return NotTaken(f"有{len(left)}份单位稿提交后还没有采用：{_units_of(left)}")


def before_review(report: Report) -> tuple[str, ...]:
    """What holds up the reviews, but for the check-up: comments, units that have not confirmed, problems unanswered."""
    return (*_units(report), *_comments(report), *_problems(report), *_year(report))


def before_leader(report: Report) -> tuple[str, ...]:
    """What the leader waits for: the opinions still to be given."""
    wanted = ((Step.Kind.LEGALITY, "合法性审查"), (Step.Kind.SECRECY, "保密审查"))
    return tuple(f"还没有{title}意见" for kind, title in wanted if not this_round(report, kind))


def before_signing(report: Report) -> tuple[str, ...]:
    """What holds up the leader."""
    return tuple(_comments(report))


def before_submission(report: Report) -> tuple[str, ...]:
    """What holds up submission, but for the check-up."""
    signed = this_round(report, Step.Kind.SIGNED)
    reasons = [] if signed else ["领导还没有签发"]
    return (*reasons, *_comments(report), *_problems(report))


def this_round(report: Report, kind: Step.Kind) -> list[Step]:
    """The steps of one kind since the report was last returned."""
    return list(report.steps.filter(kind=kind, round=report.round).select_related("by", "unit"))


def assigned_units(report: Report) -> list[Organization]:
    """The units that write parts of the report."""
    parts = UnitPart.objects.filter(section__report=report)
    return list(Organization.objects.filter(pk__in=parts.values("unit")).order_by("path"))


def confirmations(report: Report) -> Mapping[int, Step]:
    """The last word of each unit in this round, by its id."""
    return {step.unit_id: step for step in this_round(report, Step.Kind.CONFIRMED) if step.unit_id}


def _parts(report: Report) -> list[UnitPart]:
    return list(
        UnitPart.objects.filter(section__report=report).select_related(
            "unit", "section__report__organization"
        )
    )


def _units_of(parts: Iterable[UnitPart]) -> str:
    """The units of the parts, each once, with how many where it is not one."""
    by_unit = Counter(str(part.unit) for part in parts)
    return "、".join(f"{unit}{many}份" if many > 1 else unit for unit, many in by_unit.items())


def _units(report: Report) -> Iterator[str]:
    said = confirmations(report)
    units = assigned_units(report)
    silent = [unit.name for unit in units if unit.pk not in said]
    objecting = [unit.name for unit in units if unit.pk in said and said[unit.pk].outcome != CONFIRMS]
    if silent:
        yield f"还有{len(silent)}个单位没有核对：{'、'.join(silent)}"
    if objecting:
        yield f"{'、'.join(objecting)}对报告有意见，请退回草稿修改，或者商单位重新确认"


def _comments(report: Report) -> Iterator[str]:
    open_ones = report.comments.filter(parent=None, state=Comment.State.OPEN).count()
    if open_ones:
        yield Reason(f"还有{open_ones}条意见没有答复", "report_comments")


def year_running(report: Report) -> bool:
    """Whether the figures end before the year does, which is still going on."""
    last = date(report.year, 12, 31)
    return report.cutoff < last and timezone.localdate() <= last


def _year(report: Report) -> Iterator[str]:
    """A draft of the autumn that was not counted anew in the new year."""
    if report.cutoff < date(report.year, 12, 31) and not year_running(report):
        words = f"数字只统计到{day(report.cutoff)}，{report.year}年已经结束，请先重新计算"
        yield Reason(words, "report")


def _problems(report: Report) -> Iterator[str]:
    left = unanswered(report)
    if left:
        named = "；".join(f"{problem.code} {problem.content[:30]}" for problem in left)
        words = f"以前年度报告列出的问题还有{len(left)}个没有说明解决情况（{named}）"
        yield Reason(words, "report_problems")


def gone_out(steps: Iterable[Step]) -> tuple[str, ...]:
    """Where a text of the report was handed in and published last: taking the report back does not bring it home."""
    last = {step.kind: step for step in sorted(steps, key=lambda step: step.pk)}
    words = []
    if (handed := last.get(Step.Kind.SUBMITTED)) is not None:
        to = "、".join(filter(None, (handed.details.get("above"), handed.details.get("same"))))
        words.append(f"{day(handed.on)}已经报送{to}，请告知收文机关这份文本正在更正。")
    if (shown := last.get(Step.Kind.PUBLISHED)) is not None:
        where = "：".join(filter(None, (shown.details.get("channel"), shown.details.get("link"))))
        words.append(
            f"{day(shown.on)}已经公开（{where}），撤回不会使那里的文本撤下，请撤下或者注明正在更正。"
        )
    return tuple(words)
