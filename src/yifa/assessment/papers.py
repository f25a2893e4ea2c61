"""What leaves the room on paper: the letter to a unit, the list for whoever uses the result."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

from yifa.assessment.behind import Lost, lost
from yifa.assessment.models import Assessment, Result, ResultVersion
from yifa.assessment.results import units_of
from yifa.assessment.storing import from_stored
from yifa.law.phrases import day
from yifa.papers.officesheets import OfficeColumn, OfficeSheet, write_office_sheet
from yifa.papers.word import OfficialPaper
from yifa.procedures.scoring import Scored, Scores, written

ORDER = "一二三四五六七八九十"


def write_letter(path: Path, result: Result) -> None:
    """The letter to a unit: its result, every lost point with its records, what it has to do now."""
    version, unit = result.version, result.unit
    assessment = version.assessment
    scores = from_stored(assessment.set, result.scores)
    title = f"{_assessed(assessment)}结果反馈函"
    paper = OfficialPaper(title, assessment.organization.name)
    if version.frozen_on:
        paper.number(letter_number(result))
    paper.title(title, note="" if version.frozen_on else "（初步结果）")
    paper.addressee(unit.name)
    band = f"，等次为{result.band}" if result.band and version.frozen_on else ""
    paper.paragraph(
        f"按照《{assessment.title}》和{_named(assessment.rules)}，你单位{assessment.year}年度得"
        f"{written(result.total)}分（满分{written(scores.full)}分）{band}。现将有关情况反馈如下。"
    )
    for one in scores.capped:
        paper.paragraph(f"{one.why}；不计这一项为{written(scores.before)}分。")
    _parts(paper, scores)
    _lost(paper, result, scores)
    paper.heading(1, "三、下一步")
    paper.paragraph(_next(version))
    paper.signature(assessment.organization.name, day(version.frozen_on or version.published_on))
    paper.save(path)


def letter_number(result: Result) -> str:
    """The letter's number in the body's own series of such letters: by year of signing, version after version, unit by unit.

    It follows from what was signed, so that a letter written again has the same number.
    """
    version = result.version
    body, signed = version.assessment.organization, version.frozen_on
    assert signed is not None  # noqa: S101 - provisional letters have none
    letters = Result.objects.filter(
        version__assessment__organization=body, version__frozen_on__year=signed.year
    ).order_by(
        "version__frozen_on",
        "version__assessment__year",
        "version__assessment_id",
        "version__number",
        "unit__code",
    )
    serial = list(letters.values_list("pk", flat=True)).index(result.pk) + 1
    return f"{body.document_code or body.short_name or body.name}考反〔{signed.year}〕{serial}号"


def _assessed(assessment: Assessment) -> str:
    """What was assessed in which year, as titles say it."""
    return f"{assessment.year}年度{assessment.title.removesuffix('指标')}"


def _named(rules: str) -> str:
    """The rules the assessment goes by, in title marks."""
    if not rules:
        return "本年度考核安排"
    return rules if rules.startswith("《") else f"《{rules}》"


def _parts(paper: OfficialPaper, scores: Scores) -> None:
    """The points of each part, and how they make the total."""
    paper.heading(1, "一、各部分得分")
    parts: dict[str, list[Scored]] = {}
    for line in scores.lines:
        parts.setdefault(line.part, []).append(line)
    rows = [["部分", "满分", "计入的分值", "得分"]]
    for title, lines in [*parts.items(), ("合计", list(scores.lines))]:
        full, of, points = (
            sum((getattr(one, name) for one in lines), Fraction(0)) for name in ("full", "of", "points")
        )
        rows.append([title, written(full), written(of), written(points) if of else "—"])
    paper.table(rows, [8, 3, 4, 3], centred={1, 2, 3})
    if scores.spread:
        paper.paragraph(
            f"有{written(scores.spread)}分的指标本年度没有可以计分的记录或者经核定不计分，不扣分，分值由其他指标按比例分担，"
            "总分按计入的分值折算。"
        )


def _lost(paper: OfficialPaper, result: Result, scores: Scores) -> None:
    """Every indicator that lost points, and what the records behind them are."""
    assessment = result.version.assessment
    names = Lost(result.unit, assessment.starts, assessment.ends)
    found = lost(scores)
    paper.heading(1, "二、失分情况和需要整改的问题")
    if not found:
        paper.paragraph("没有失分的指标。")
    for number, line in enumerate(found, 1):
        words = names.behind(line.indicator).words
        told = f"涉及：{words}。" if words else ""
        paper.paragraph(f"{number}．{line.indicator.title}。{line.why}。{told}")


def _next(version: ResultVersion) -> str:
    if version.frozen_on:
        return "请对照失分的指标和所列记录逐项整改，整改情况在整改台账中填报，由他人核实后销号。"
    until = f"请在{day(version.until)}以前提出并附依据" if version.until else "请及时提出并附依据"
    return f"对分值有异议的，{until}；没有异议的，请在系统中确认。整改可以同时进行。"


HEADS = (
    OfficeColumn("单位", 24),
    OfficeColumn("类别", 10),
    OfficeColumn("得分", 9),
    OfficeColumn("等次", 8),
    OfficeColumn("上年得分", 9, "上年"),
    OfficeColumn("上年等次", 9, "上年"),
    OfficeColumn("失分的指标", 56),
    OfficeColumn("限制总分的事项", 22),
)


def write_results(target: IO[bytes], version: ResultVersion, before: dict[str, Result]) -> None:
    """The signed result as a list for the organization department: by unit, never by rank."""
    assessment = version.assessment
    signed = day(version.frozen_on) if version.frozen_on else "（未确定）"
    sheet = OfficeSheet(
        title=f"{_assessed(assessment)}结果汇总表", columns=HEADS,
        above=(f"填报单位：{assessment.organization}", "", f"确定日期：{signed}"),
        signatures=("填表人", "审核人", "负责人"),
        note=f"第{version.number}版；结果摘要（SM3）：{version.digest or '签发后产生'}。按单位列出，不排名次。",
    )  # fmt: skip
    write_office_sheet(target, sheet, _rows(assessment, version, before))


def _rows(assessment: Assessment, version: ResultVersion, before: dict[str, Result]) -> Iterator[list[Any]]:
    classes = dict(assessment.units.values_list("organization_id", "unit_class"))
    results = {row.unit_id: row for row in version.results.select_related("unit")}
    for row in (results[unit.pk] for unit in units_of(assessment) if unit.pk in results):
        scores, last = from_stored(assessment.set, row.scores), before.get(row.unit.code)
        yield [
            row.unit.name,
            assessment.set.classes[classes[row.unit_id]].title,
            row.total,
            row.band,
            last.total if last else None,
            last.band if last else "",
            "、".join(f"{one.indicator.title}（失{written(one.lost)}分）" for one in lost(scores)),
            "；".join(one.event.title for one in scores.capped),
        ]
