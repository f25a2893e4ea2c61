"""`yifa figure`: figures with their records, under each version of their rule, and proved from an export."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from yifa.cli.chinese import Group, complain, emit, option, out, progress, say
from yifa.cli.database import open_database, organization_named, start_django
from yifa.law.errors import YifaError

if TYPE_CHECKING:
    from yifa.ledger.counting import Counted, Counting
    from yifa.reporting.proving import Proof, Proved

DIFFERENT = 1
SHOWN = 20
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
DAY = click.DateTime(["%Y-%m-%d"])
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
    _show(counted, counting)


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
    from yifa.ledger.restating import restate
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
    from yifa.ledger.exportedledger import ExportedLedger
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
        emit(_proved_json(proved))
    else:
        _tell(proved)
    return 0 if proved.holds else DIFFERENT


def _is_part(rule: str, rules: tuple[str, ...], claims: Any) -> bool:
    """Whether a figure is the numerator or denominator of one that is wanted: it tells which version was used."""
    return any(rule in {claim.numerator, claim.denominator} for claim in claims if claim.rule in rules)


def _counting(organization: str | None, start: datetime | None, end: datetime | None) -> Counting:
    open_database()
    from django.utils import timezone

    from yifa.ledger.counting import Counting

    last = end.date() if end else timezone.localdate()
    first = start.date() if start else date(last.year, 1, 1)
    return Counting(organization_named(organization), first, last)


def _show(counted: Counted, counting: Counting) -> None:
    from yifa.law.loader import catalogue
    from yifa.law.rulewords import in_words
    from yifa.reporting.wording import printed

    rule = catalogue().counting_rules[counted.rule]
    out.print(Text(f"{rule.title}　{printed(counted.status, counted.value, counted.unit)}", style="bold"))
    out.print(
        Text(
            f"{counting.organization}及下级　{counting.start} 至 {counting.end}　{rule.counting_rule} 第{rule.version}版"
        )
    )
    for label, text in in_words(rule, catalogue()):
        out.print(Text(f"  {label}：{text}"))
    for share, word in ((counted.numerator, "分子"), (counted.denominator, "分母")):
        if share is not None:
            out.print(Text(f"  {word}　{share.rule}　{printed(share.status, share.value, share.unit)}"))
    for label, value in counted.parts.items():
        out.print(Text(f"  {label}　{printed('counted', value, counted.unit)}"))
    if counted.missing:
        out.print(Text(f"  不含声明未采集的{'、'.join(counted.missing)}"))
    for record in counted.records[:SHOWN]:
        out.print(Text(f"    {record.on}　{record.title}　{record.number}　{record.unit}"))
    if len(counted.records) > SHOWN:
        out.print(Text(f"    另有 {len(counted.records) - SHOWN} 条，用 --json 可得全部"))
    out.print(Text(f"  SM3 {counted.digest}", style="dim"))


def _tell(proved: Proved) -> None:
    for fault in proved.faults:
        complain(fault)
    for warning in proved.warnings:
        say(f"提示：{warning}")
    for proof in proved.proofs:
        _tell_one(proof)
    tally = {outcome: sum(proof.outcome == outcome for proof in proved.proofs) for outcome in WORDS}
    said = "，".join(f"{word} {tally[outcome]} 个" for outcome, word in WORDS.items() if tally[outcome])
    say(
        f"共核对 {len(proved.proofs)} 个数字：{said}。"
        + ("" if not proved.faults else "台账导出文件本身不完整或被改动。")
    )


WORDS = {
    "equal": "与台账导出一致",
    "different": "不一致",
    "records": "没有口径、只核对了记录",
    "impossible": "不能核对",
}


def _tell_one(proof: Proof) -> None:
    from yifa.reporting.wording import printed

    claim, counted = proof.claim, proof.counted
    stated = printed(claim.status, claim.value, claim.unit)
    name = f"{claim.title}（{claim.rule} 第{claim.version}版）"
    if proof.outcome in {"equal", "records"}:
        out.print(Text("✓ ", style="green"), Text(f"{name}　{stated}　{WORDS[proof.outcome]}"), sep="")
    elif counted is None:
        out.print(
            Text("？ " if proof.outcome == "impossible" else "✗ ", style="yellow"),
            Text(f"{name}　{stated}　{WORDS[proof.outcome]}：{'；'.join(proof.said)}"),
            sep="",
        )
    else:
        again = printed(counted.status, counted.value, counted.unit)
        out.print(
            Text("✗ ", style="red"),
            Text(f"{name}　文件写 {stated}，重算得 {again}：{'；'.join(proof.said)}"),
            sep="",
        )
    for one in proof.gone[:SHOWN]:
        where = "导出里没有这条记录" if one in proof.lost else "导出里有这条记录，但不这样计入"
        out.print(
            Text(
                f"    文件里有、重算没有：{one.title or one.id}　{one.number}　{one.on}　（{where}，摘要 {one.digest[:12]}…）"
            )
        )
    for record in proof.come[:SHOWN]:
        out.print(
            Text(
                f"    重算有、文件里没有：{record.title}　{record.number}　{record.on}　（摘要 {record.digest[:12]}…）"
            )
        )
    hidden = max(0, len(proof.gone) - SHOWN) + max(0, len(proof.come) - SHOWN)
    if hidden:
        out.print(Text(f"    另有 {hidden} 条"))
    if proof.today is not None:
        value = printed(proof.today.status, proof.today.value, proof.today.unit)
        out.print(Text(f"    台账此后有变动：按导出的全部记录是 {value}", style="dim"))


def _proved_json(proved: Proved) -> dict[str, Any]:
    from yifa.reporting.opendata import exact

    def value(counted: Counted | None) -> str | None:
        return None if counted is None or counted.value is None else exact(counted.value)

    return {
        "holds": proved.holds,
        "faults": list(proved.faults),
        "warnings": list(proved.warnings),
        "figures": [
            {
                "rule": proof.claim.rule,
                "version": proof.claim.version,
                "outcome": str(proof.outcome),
                "stated": {
                    "status": proof.claim.status,
                    "value": None if proof.claim.value is None else exact(proof.claim.value),
                    "digest": proof.claim.digest,
                },
                "counted": None if proof.counted is None else {
                    "status": proof.counted.status, "value": value(proof.counted), "digest": proof.counted.digest,
                },
                "today": None if proof.today is None else {
                    "status": proof.today.status, "value": value(proof.today), "digest": proof.today.digest,
                },
                "said": list(proof.said),
                "only_in_file": [one.digest for one in proof.gone],
                "not_in_export": [one.digest for one in proof.lost],
                "only_counted": [one.digest for one in proof.come],
            }
            for proof in proved.proofs
        ],
    }  # fmt: skip
