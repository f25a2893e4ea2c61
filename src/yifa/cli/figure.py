"""`yifa figure`: figures with their records, under each version of their rule, and proved from an export."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from yifa.cli.chinese import DAY, Group, emit, option, out, progress, say
from yifa.cli.database import open_database, organization_named, start_django
from yifa.cli.figureshown import SHOWN, proved_json, show_figure, since_json, tell_proofs, tell_since
from yifa.law.errors import YifaError

if TYPE_CHECKING:
    from yifa.ledger.figures.counting import Counting

DIFFERENT = 1
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_organization = option(
    "--organization", "organization", metavar="名称", help="哪个单位及其下级；不填为本级。"
)
_from = option("--from", "start", type=DAY, metavar="日期", help="统计期间起；不填为截止日当年1月1日。")
_to = option("--to", "end", type=DAY, metavar="日期", help="统计截止日；不填为今天。")
_json = option("--json", "as_json", is_flag=True, help="输出一行 JSON。")


@click.group(cls=Group, help="数字：由口径和台账记录算出，可查记录、可按各版口径对照、可由台账导出重算核对。")
def figure() -> None:
    """Family of commands on figures."""


@figure.command("list", help="列出口径；可给出要找的词（两个字即可）。")
@click.argument("words", nargs=-1, metavar="[词 …]")
@option("--kind", default="", metavar="标识", help="只列某类事项或某个清单的口径，如 litigation。")
@_json
def list_(words: tuple[str, ...], kind: str, as_json: bool) -> None:
    """List the counting rules."""
    start_django()
    from yifa.law.dictionary import kind_of, search
    from yifa.law.loader import catalogue

    known = catalogue()
    found = search(known, " ".join(words), kind=kind)
    if as_json:
        emit(
            [
                {
                    "rule": rule.counting_rule,
                    "title": rule.title,
                    "unit": rule.unit,
                    "version": rule.version,
                    "kind": kind_of(rule, known),
                    "explain": rule.explain,
                }
                for rule in found
            ]
        )
        return
    table = Table("口径", "标识", "计量", "版本", box=None)
    for rule in found:
        table.add_row(Text(rule.title), Text(rule.counting_rule), Text(rule.unit), str(rule.version))
    out.print(table)
    say(f"共 {len(found)} 个口径。" if found else "没有符合的口径，请换一个词。")


@figure.command(
    "show", help="算出一个数字：数值、口径、分项、计入的记录和摘要；--json 的输出可用 recompute 核对。"
)
@click.argument("rule", metavar="口径")
@_organization
@_from
@_to
@_json
def show(
    rule: str, organization: str | None, start: datetime | None, end: datetime | None, as_json: bool
) -> None:
    """Count one figure."""
    counting = _counting(organization, start, end)
    from django.utils import timezone

    from yifa.reporting.claims import figure_data

    moment = timezone.now()
    counted = counting.count(rule)
    if as_json:
        emit(figure_data(counted, counting.organization, moment))
        return
    show_figure(counted, counting)


@figure.command("restate", help="按口径的各个版本分别统计同一期间，列出与今天口径相差的记录。")
@click.argument("rule", metavar="口径")
@_organization
@_from
@_to
@_json
def restate_(
    rule: str, organization: str | None, start: datetime | None, end: datetime | None, as_json: bool
) -> None:
    """Count one figure under each version of its rule."""
    counting = _counting(organization, start, end)
    from yifa.ledger.figures.restating import restate
    from yifa.reporting.opendata import exact
    from yifa.reporting.wording import printed

    found = restate(rule, counting)
    if as_json:
        emit(
            {
                "rule": rule,
                "editions": [
                    {
                        "from": one.edition.valid_from,
                        "to": one.edition.valid_to,
                        "versions": dict(one.edition.versions),
                        "held": one.held,
                        "status": one.counted.status,
                        "value": None if one.counted.value is None else exact(one.counted.value),
                        "digest": one.counted.digest,
                        "changed": list(one.changed),
                        "only_now": [record.title for record in one.difference.added],
                        "only_then": [record.title for record in one.difference.removed],
                        "otherwise": [after.title for _, after in one.difference.changed],
                    }
                    for one in found
                ],
            }
        )
        return
    for one in found:
        counted, difference = one.counted, one.difference
        parts = [part.version for part in (counted.numerator, counted.denominator) if part is not None]
        which = f"分子第{parts[0]}版、分母第{parts[1]}版" if parts else f"第{one.rule.version}版"
        held = "（截止日适用）" if one.held else ""
        until = "今天的口径" if one.edition.valid_to is None else f"至{one.edition.valid_to}"
        out.print(Text(f"{which}{held}　{until}　{printed(counted.status, counted.value, counted.unit)}"))
        for text in (*one.changed, *one.why):
            out.print(Text(f"    {text}", style="dim"))
        for word, records in (
            ("只按当时的口径计入", difference.removed),
            ("只按今天的口径计入", difference.added),
            ("都计入，日期、数量或者分项不同", tuple(after for _, after in difference.changed)),
        ):
            for record in records[:SHOWN]:
                out.print(Text(f"    {word}：{record.title}　{record.number}　{record.unit}　{record.on}"))
            if len(records) > SHOWN:
                out.print(Text(f"    {word}：另有 {len(records) - SHOWN} 条"))


@figure.command(
    "recompute",
    help="由台账导出文件重算开放数据、报告网页或 figure show --json 里的数字，不用数据库；不同时退出码为 1。",
)
@click.argument("file", type=FILE, metavar="数字文件")
@option(
    "--ledger",
    "ledger",
    type=FILE,
    required=True,
    metavar="台账.jsonl",
    help="yifa ledger export 写出的文件。",
)
@option(
    "--rule",
    "rules",
    multiple=True,
    metavar="口径",
    help="只核对这个口径，可写多次；不填核对文件里全部数字。",
)
@_json
def recompute(file: Path, ledger: Path, rules: tuple[str, ...], as_json: bool) -> int:
    """Prove the figures of a file."""
    start_django()
    from yifa.ledger.chain.exportedledger import ExportedLedger
    from yifa.reporting.claims import read_claims
    from yifa.reporting.proving import prove

    claims = read_claims(file)
    unknown = [rule for rule in rules if rule not in {claim.rule for claim in claims}]
    if unknown:
        raise YifaError(f"{file} 里没有口径 {'、'.join(unknown)} 的数字，请核对口径编号。", code="missing")
    bar, move = progress("正在重算")
    with bar:
        wanted = [
            claim
            for claim in claims
            if not rules or claim.rule in rules or _is_part(claim.rule, rules, claims)
        ]
        proved = prove(wanted, ExportedLedger(ledger), move)
    if as_json:
        emit(proved_json(proved))
    else:
        tell_proofs(proved)
    return 0 if proved.holds else DIFFERENT


@figure.command(
    "since",
    help="一份报告的数字与台账今天的差异：哪些数字不同，是哪条记录、由谁、为什么；数值有不同时退出码为 1。",
)
@_organization
@option("--year", type=int, required=True, metavar="年度", help="报告年度，如 2025。")
@option("--outline", default="annual_report", metavar="提纲", help="哪种报告；不填为年度报告。")
@_json
def since(organization: str | None, year: int, outline: str, as_json: bool) -> int:
    """Set the figures of a report beside the ledger of today."""
    open_database()
    from yifa.reporting.models import Report
    from yifa.reporting.since import SinceReport

    owner = organization_named(organization)
    report = Report.objects.filter(organization=owner, year=year, outline=outline).order_by("subject").first()
    if report is None:
        raise YifaError(f"{owner}还没有{year}年的这种报告。已有的报告见报告页。", code="missing")
    found = SinceReport(report).differing()
    if as_json:
        emit({"report": report.title, "figures": [since_json(one) for one in found]})
    else:
        for one in found:
            tell_since(one)
        say(f"“{report.title}”共 {report.figures.count()} 个数字，{len(found)} 个与台账今天不同。")
    return DIFFERENT if any(one.value_differs for one in found) else 0


def _is_part(rule: str, rules: tuple[str, ...], claims: Any) -> bool:
    """Whether a figure is the numerator or denominator of one that is wanted: it tells which version was used."""
    return any(rule in {claim.numerator, claim.denominator} for claim in claims if claim.rule in rules)


def _counting(organization: str | None, start: datetime | None, end: datetime | None) -> Counting:
    open_database()
    from django.utils import timezone

    from yifa.ledger.figures.counting import Counting

    last = end.date() if end else timezone.localdate()
    first = start.date() if start else date(last.year, 1, 1)
    return Counting(organization_named(organization), first, last)
