"""The figures of a report as open data: JSON and CSV that anybody can read, count again and keep.

Documented in docs/reference/open-data.md; `opendata.schema.json` is made from the classes here. Nothing of a single case
goes out but its id and the digest of its record, and these only when asked for.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Annotated, Literal

from django.utils import timezone
from pydantic import BaseModel, ConfigDict, Field

from yifa.law.phrases import article_of
from yifa.ledger.figures.counted import CountedRecord
from yifa.papers.writing import written_whole
from yifa.reporting.digesting import settle
from yifa.reporting.models import Report, StoredFigure
from yifa.reporting.wording import printed

FORMAT_VERSION = 1
SCHEMA = Path(__file__).with_name("opendata.schema.json")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula
COLUMNS = {  # of the CSV, which people open in a spreadsheet: its heads and values are in their words
    "title": "指标", "part": "分项", "value": "数值", "unit": "计量单位", "status": "状态", "organization": "单位",
    "organization_code": "单位代码", "start": "统计期起", "end": "统计期止", "explain": "怎样计数", "basis": "依据",
    "rule": "计数规则代码", "version": "规则版本", "numerator": "分子的规则代码", "denominator": "分母的规则代码",
    "records_count": "记录数", "digest": "记录摘要（SM3）", "computed_at": "计数时间", "report": "报告",
}  # fmt: skip
STATUSES = {"counted": "已计数", "no_power": "本级无此职权", "not_collected": "未采集"}

Exact = Annotated[
    str, Field(pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$", description="精确的十进制数，文本形式")
]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SM3 摘要")]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenBasis(_Shape):
    """依据的法律和条款。"""

    law: str
    article: str | None


class OpenPart(_Shape):
    """分项之一；各分项相加等于数字。"""

    label: str
    value: Exact


class OpenRecord(_Shape):
    """数字背后的一条记录：编号和摘要，不含内容。"""

    kind: Literal["case", "entry", "organization", "plan"]
    id: str
    position: int
    on: Day | None
    value: Exact
    part: str | None
    digest: Digest


class OpenFigure(_Shape):
    """一个数字。value 为 null：本级无此职权、未采集，或者比率没有基数。"""

    rule: str
    version: int
    title: str
    explain: str
    basis: OpenBasis | None
    unit: str
    status: Literal["counted", "no_power", "not_collected"]
    value: Exact | None
    shown: str
    organization: str
    organization_code: str
    start: Day
    end: Day
    parts_title: str
    parts: list[OpenPart]
    numerator: str | None
    denominator: str | None
    records_count: int
    digest: Digest
    computed_at: str
    records: list[OpenRecord] | None = None


class OpenReportName(_Shape):
    """哪一份报告。"""

    id: str
    title: str
    outline: str
    subject: str = Field(description="按人写的报告写的是谁；其他报告为空")
    year: int
    state: str
    dated: Day


class OpenOrganization(_Shape):
    """谁的报告。"""

    code: str
    name: str
    level: str


class OpenPeriod(_Shape):
    """统计期间，止日即统计截止日。"""

    start: Day
    end: Day


class OpenReport(_Shape):
    """一份报告的全部数字。"""

    format: Literal["yifa-open-data"]
    format_version: Literal[1]
    report: OpenReportName
    organization: OpenOrganization
    period: OpenPeriod
    catalogue_digest: str
    generated_at: str
    figures: list[OpenFigure]


def open_report(report: Report, *, records: bool = False) -> OpenReport:
    """All figures of a report; with `records` each with the digests of the records behind it."""
    settle(report)
    owner = report.organization
    return OpenReport(
        format="yifa-open-data",
        format_version=FORMAT_VERSION,
        report=OpenReportName(
            id=str(report.pk),
            title=report.title,
            outline=report.outline,
            subject=report.subject,
            year=report.year,
            state=report.state,
            dated=report.dated.isoformat(),
        ),
        organization=OpenOrganization(code=owner.code, name=owner.name_on(report.dated), level=owner.level),
        period=OpenPeriod(start=report.period_start.isoformat(), end=report.cutoff.isoformat()),
        catalogue_digest=report.catalogue_digest,
        generated_at=timezone.localtime().isoformat(timespec="seconds"),
        figures=[
            _figure(figure, records) for figure in report.figures.select_related("organization", "report")
        ],
    )


def as_json(report: Report, *, records: bool = False) -> str:
    """The open data as one JSON object."""
    found = open_report(report, records=records)
    leave = None if records else {"figures": {"__all__": {"records"}}}
    return json.dumps(found.model_dump(exclude=leave), ensure_ascii=False, indent=1) + "\n"


def as_csv(report: Report) -> str:
    """A line for each figure and a line for each of its parts, for spreadsheets; begins with a byte order mark."""
    target = StringIO()
    target.write("\ufeff")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    found = open_report(report)
    for figure in found.figures:
        for part, value in _lines(figure):
            cells = figure.model_dump() | {
                "part": part, "value": value, "status": STATUSES[figure.status], "report": found.report.title,
                "basis": article_of(figure.basis.law, figure.basis.article) if figure.basis else "",
            }  # fmt: skip
            writer.writerow([_cell(cells[name]) for name in COLUMNS])
    return target.getvalue()


def write(report: Report, path: Path, *, records: bool = False) -> None:
    """Writes JSON to `path`, or CSV where it ends in .csv. Raises WritingError."""
    text = as_csv(report) if path.suffix.lower() == ".csv" else as_json(report, records=records)
    with written_whole(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="")


def schema() -> str:
    """The JSON Schema (2020-12) of the JSON form."""
    made = OpenReport.model_json_schema()
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
    return json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def exact(value: Decimal) -> str:
    """A decimal as text: no exponent, no zeros behind the last digit that says something."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _figure(figure: StoredFigure, records: bool) -> OpenFigure:
    return OpenFigure(
        rule=figure.rule,
        version=figure.rule_version,
        title=figure.title,
        explain=figure.explain,
        basis=OpenBasis(law=figure.basis["law"], article=figure.basis.get("article"))
        if figure.basis
        else None,
        unit=figure.unit,
        status=figure.status,
        value=None if figure.value is None else exact(figure.value),
        shown=printed(figure.status, figure.value, figure.unit),
        organization=figure.organization.name,
        organization_code=figure.organization.code,
        start=figure.period_start.isoformat(),
        end=figure.period_end.isoformat(),
        parts_title=figure.parts_title,
        parts=[OpenPart(label=label, value=exact(Decimal(value))) for label, value in figure.parts.items()],
        numerator=figure.numerator or None,
        denominator=figure.denominator or None,
        records_count=figure.records_count,
        digest=figure.digest,
        computed_at=figure.computed_at.isoformat(),
        records=[_record(record) for record in figure.records] if records else None,
    )


def _record(record: CountedRecord) -> OpenRecord:
    return OpenRecord.model_validate(
        {
            "kind": record.kind,
            "id": str(record.id),
            "position": record.position,
            "on": None if record.on == date.min else record.on.isoformat(),
            "value": exact(record.value),
            "part": record.part,
            "digest": record.digest,
        }
    )


def _lines(figure: OpenFigure) -> Iterator[tuple[str, str | None]]:
    yield "", figure.value
    for part in figure.parts:
        yield part.label, part.value


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    number = text.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(FORMULA) and not number else text
