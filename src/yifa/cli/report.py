"""`yifa report build`: the annual report as Word and as one HTML file."""

from __future__ import annotations

from pathlib import Path

import click

from yifa.cli.chinese import Group, emit, option, progress, say
from yifa.cli.database import open_database, organization_named


@click.group(cls=Group, help="年度报告。")
def report() -> None:
    """Family of commands on reports."""


@report.command("build", help="由台账生成年度报告：Word 按公文格式，HTML 中每个数字可点开口径和记录。")
@option("--organization", default=None, metavar="名称", help="哪个单位的报告；不填为本级。")
@option("--year", type=int, required=True, metavar="年度", help="报告年度，如 2020。")
@option(
    "--outline",
    default="annual_report",
    metavar="提纲",
    help="用哪个提纲，如 document_bulletin；不填为年度报告。",
)
@option("--out", type=click.Path(path_type=Path), metavar="文件.docx", help="Word 文件写到哪里。")
@option("--html", type=click.Path(path_type=Path), metavar="文件.html", help="HTML 文件写到哪里。")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def build(  # noqa: PLR0917  one argument for each option
    organization: str | None, year: int, outline: str, out: Path | None, html: Path | None, as_json: bool
) -> None:
    """Build the report, write the files asked for, and check the text."""
    if out is None and html is None:
        raise click.UsageError("请用 --out 或 --html 指明写到哪里。")
    open_database()
    from yifa.reporting import page, word
    from yifa.reporting.actions import BuildReport
    from yifa.reporting.review import report_findings

    owner = organization_named(organization)
    bar, move = progress("正在计数")
    with bar:
        built = BuildReport(
            actor=None, organization=owner, year=year, outline=outline, progress=move
        ).execute()
    if out is not None:
        word.write(built, out)
    if html is not None:
        page.write(built, html)
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
    for path in (out, html):
        if path is not None:
            say(f"  写到 {path}")
