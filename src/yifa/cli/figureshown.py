"""How figures, their proofs and their differences look on a terminal, and as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.text import Text

from yifa.cli.chinese import complain, out, say

if TYPE_CHECKING:
    from yifa.ledger.figures.counting import Counted, Counting
    from yifa.reporting.proving import Proof, Proved
    from yifa.reporting.since import Since

SHOWN = 20
WORDS = {
    "equal": "与台账导出一致",
    "different": "不一致",
    "records": "没有口径、只核对了记录",
    "impossible": "不能核对",
}


def tell_since(one: Since) -> None:
    """One figure of a report beside today, with the records between and why."""
    from django.utils import timezone

    from yifa.reporting.wording import printed

    figure, now = one.figure, one.now
    stated = printed(figure.status, figure.value, figure.unit)
    today = printed(now.status, now.value, now.unit) if now else "目录里已没有这一版口径"
    out.print(Text(f"{figure.title}（{figure.rule}）　报告写 {stated}，台账今天是 {today}"))
    for change in one.changes[:SHOWN]:
        record = change.record
        out.print(Text(f"    {change.word}：{record.title}　{record.number}　{record.unit}　{record.on}"))
        for later in change.later:
            reason = f"；理由：{later.reason}" if later.reason else ""
            moment = f"{timezone.localtime(later.recorded_at):%Y-%m-%d %H:%M}"
            out.print(
                Text(
                    f"        {moment} {later.who}{later.word}{later.about} {later.told}{reason}", style="dim"
                )
            )


def since_json(one: Since) -> dict[str, Any]:
    """The same as data."""
    from yifa.reporting.opendata import exact

    def value(given: Decimal | None) -> str | None:
        return None if given is None else exact(given)

    return {
        "rule": one.figure.rule,
        "title": one.figure.title,
        "stated": {"status": one.figure.status, "value": value(one.figure.value), "digest": one.figure.digest},
        "today": None if one.now is None else {
            "status": one.now.status, "value": value(one.now.value), "digest": one.now.digest,
        },
        "changes": [
            {
                "kind": change.kind,
                "id": str(change.record.id),
                "title": change.record.title,
                "later": [
                    {"word": later.word, "who": later.who, "reason": later.reason, "at": later.recorded_at,
                     "digest": later.digest}
                    for later in change.later
                ],
            }
            for change in one.changes
        ],
    }  # fmt: skip


def show_figure(counted: Counted, counting: Counting) -> None:
    """A figure with its rule in words, its parts and first records."""
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


def tell_proofs(proved: Proved) -> None:
    """All proofs, what is wrong with the export, and the tally."""
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


def proved_json(proved: Proved) -> dict[str, Any]:
    """The same as data."""
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
