"""`yifa assess`: scores of units by an indicator set, every lost point with its sentence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from yifa.cli.chinese import DAY, Command, emit, option, out, say
from yifa.cli.database import open_database, organization_named

if TYPE_CHECKING:
    from yifa.law.schema import IndicatorSet
    from yifa.ledger.models import Organization
    from yifa.procedures.scoring import Scores


@click.command(
    "assess",
    cls=Command,
    help="考核：按一套指标由台账算出各单位得分，每一项失分说明原因；不写指标则列出有哪些。",
)
@click.argument("name", required=False, metavar="[指标]")
@option("--organization", "organization", metavar="名称", help="只算哪个单位；不填为全部适用的单位。")
@option("--from", "start", type=DAY, metavar="日期", help="期间起；不填为当年1月1日。")
@option("--to", "end", type=DAY, metavar="日期", help="截止日；不填为今天。")
@option("--json", "as_json", is_flag=True, help="每个单位输出一行 JSON。")
def assess(
    name: str | None, organization: str | None, start: datetime | None, end: datetime | None, as_json: bool
) -> None:
    """Score units."""
    open_database()
    from django.utils import timezone

    from yifa.assessment.computing import measured, scores_of, set_named
    from yifa.ledger.models import Organization

    if name is None:
        _list()
        return
    given = set_named(name)
    last = end.date() if end else timezone.localdate()
    first = start.date() if start else last.replace(month=1, day=1)
    units = (
        [organization_named(organization)] if organization else measured(given, Organization.objects.all())
    )
    for unit, scores in scores_of(given, units, first, last):
        if as_json:
            emit(_data(given, unit, scores))
        else:
            _show(unit, scores, lost_only=not organization)


def _list() -> None:
    from yifa.law.loader import catalogue

    table = Table("指标", "标识", "考核对象", box=None)
    for id_, one in catalogue().indicator_sets.items():
        table.add_row(one.title, id_, "、".join(each.title for each in one.classes.values()))
    out.print(table)


def _show(unit: Organization, scores: Scores, *, lost_only: bool) -> None:
    from yifa.procedures.scoring import written

    waiting = f"，待评{len(scores.pending)}项" if scores.pending else ""
    say(f"{unit}　{written(scores.total)}分（满分{written(scores.full)}分{waiting}）")
    for event in scores.capped:
        say(f"  {event.why}。")
    for line in scores.lines:
        if line.lost or line.pending or not lost_only:
            say(f"  {line.indicator.title}：{line.why}。")


def _data(given: IndicatorSet, unit: Organization, scores: Scores) -> dict[str, Any]:
    from yifa.procedures.scoring import shown

    return {
        "set": given.indicator_set,
        "unit": unit.name,
        "total": str(shown(scores.total)),
        "full": str(shown(scores.full)),
        "capped": [event.event.title for event in scores.capped],
        "indicators": [
            {
                "id": line.indicator.id,
                "title": line.indicator.title,
                "points": str(shown(line.points)),
                "of": str(shown(line.of)),
                "why": line.why,
                "pending": line.pending,
            }
            for line in scores.lines
        ],
    }
