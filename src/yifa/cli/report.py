"""`yifa report build`: a report as Word, PDF, one HTML file and open data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yifa.cli.chinese import Group, emit, option, progress, say
from yifa.cli.database import open_database, organization_named

if TYPE_CHECKING:
    from yifa.reporting.models import Report

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group, help="年度报告。")
def report() -> None:
    """Family of commands on reports."""


@report.command(
    "build",
    help="由台账生成年度报告：Word、PDF 按公文格式，HTML 中每个数字可点开口径和记录，另可输出开放数据。",
)
@option("--organization", default=None, metavar="名称", help="哪个单位的报告；不填为本级。")
@option("--year", type=int, required=True, metavar="年度", help="报告年度，如 2020。")
@option(
    "--outline",
    default="annual_report",
    metavar="提纲",
    help="用哪个提纲，如 document_bulletin；不填为年度报告。",
)
@option("--subject", default="", metavar="姓名", help="述法报告写的是谁；其他报告不填。")
@option("--out", type=FILE, metavar="文件.docx", help="Word 文件写到哪里。")
@option("--pdf", type=FILE, metavar="文件.pdf", help="PDF 文件写到哪里（需要本机有 LibreOffice）。")
@option("--html", type=FILE, metavar="文件.html", help="HTML 文件写到哪里。")
@option(
    "--open-data",
    type=FILE,
    metavar="文件.json",
    help="全部数字的开放数据写到哪里；文件名以 .csv 结尾的写成 CSV。",
)
@option("--records", is_flag=True, help="开放数据（JSON）中附上每个数字背后各条记录的编号和摘要。")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def build(  # noqa: PLR0917  one argument for each option
    organization: str | None,
    year: int,
    outline: str,
    subject: str,
    out: Path | None,
    pdf: Path | None,
    html: Path | None,
    open_data: Path | None,
    records: bool,
    as_json: bool,
) -> None:
    """Build the report, write the files asked for, and check the text."""
    if not any((out, pdf, html, open_data)):
        raise click.UsageError("请用 --out、--pdf、--html 或 --open-data 指明写到哪里。")
    open_database()
    from yifa.papers.pdf import require_office
    from yifa.reporting.actions import BuildReport
    from yifa.reporting.review import report_findings

    if pdf is not None:
        require_office()
    owner = organization_named(organization)
    bar, move = progress("正在计数")
    with bar:
        built = BuildReport(
            actor=None, organization=owner, year=year, outline=outline, subject=subject, progress=move
        ).execute()
    paths = [
        (path, write) for path, write in _writers(out, html, open_data, pdf, records) if path is not None
    ]
    for path, write in paths:
        write(built, path)
    findings = report_findings(built)
    counts = {"figures": built.figures.count(), "sections": built.sections.count(), "findings": len(findings)}
    if as_json:
        emit(
            counts
            | {"findings": [{"rule": f.rule, "severity": f.severity, "message": f.message} for f in findings]}
        )
        return
    say(
        f"已生成“{built.title}”：{counts['sections']} 个部分、{counts['figures']} 个数字，体检发现 {counts['findings']} 处。"
    )
    for finding in findings:
        say(f"  {finding.message}（{finding.rule}）")
    for path, _ in paths:
        say(f"  写到 {path}")


def _writers(
    out: Path | None, html: Path | None, open_data: Path | None, pdf: Path | None, records: bool
) -> Iterator[tuple[Path | None, Callable[[Report, Path], None]]]:
    """Each path with what writes there; what may fail for want of a program comes last."""
    from yifa.reporting import opendata, page, word
    from yifa.reporting import pdf as portable

    yield out, word.write
    yield html, page.write
    yield open_data, lambda built, path: opendata.write(built, path, records=records)
    yield pdf, portable.write
