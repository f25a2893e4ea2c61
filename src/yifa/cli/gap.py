"""`yifa gap`: what is not in order, by the gap lists of the catalogue."""

from __future__ import annotations

from datetime import date, datetime

import click
from rich.table import Table

from yifa.cli.chinese import DAY, Group, emit, option, out, say
from yifa.cli.database import open_database, organization_named

FAULTY = 1
_organization = option(
    "--organization", "organization", metavar="名称", help="看哪个单位及其下级；不填为本级。"
)
_on = option("--on", type=DAY, metavar="日期", help="看哪一天；不填为今天。")
_json = option("--json", "as_json", is_flag=True, help="输出一行 JSON。")


@click.group(cls=Group, help="缺口清单：应当有而台账里没有的。")
def gap() -> None:
    """Family of commands on gap lists."""


@gap.command("list", help="列出全部缺口清单和各有几条。")
@_organization
@_on
@_json
def list_(organization: str | None, on: datetime | None, as_json: bool) -> None:
    """Count every list."""
    open_database()
    from yifa.law.loader import catalogue
    from yifa.ledger.figures.gaps import Finding

    finding = Finding(organization_named(organization), _day(on))
    counts = {name: len(finding.gaps(kind)) for name, kind in catalogue().gaps.items()}
    if as_json:
        emit(counts)
        return
    table = Table("清单", "标识", "缺口", box=None)
    for name, kind in catalogue().gaps.items():
        table.add_row(kind.title, name, str(counts[name]))
    out.print(table)


@gap.command("show", help="列出一个缺口清单上的各条；有缺口时退出码为 1。")
@click.argument("name", metavar="标识")
@_organization
@_on
@_json
def show(name: str, organization: str | None, on: datetime | None, as_json: bool) -> int:
    """Show one list."""
    open_database()
    from yifa.ledger.figures.gaps import Finding, gap_type

    kind = gap_type(name)
    found = Finding(organization_named(organization), _day(on)).gaps(kind)
    if as_json:
        emit(
            {
                "gap": name,
                "found": [
                    {
                        "title": one.title,
                        "organization": one.organization,
                        "found": one.found,
                        "wanted": one.wanted,
                    }
                    for one in found
                ],
            }
        )
    else:
        for one in found:
            wanted = f"（现有 {one.found:g}，应{one.wanted}）" if one.found is not None else ""
            say(f"{one.organization}　{one.title}：{one.missing}{wanted}")
        say(f"“{kind.title}”共 {len(found)} 条。")
    return FAULTY if found else 0


def _day(on: datetime | None) -> date:
    from django.utils import timezone

    return on.date() if on else timezone.localdate()
