"""`yifa import`: cases and register entries from spreadsheets, as the import page does it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yifa.cli.chinese import Group, emit, option, say
from yifa.cli.database import open_database, organization_named
from yifa.law.errors import YifaError
from yifa.reading.load import bytes_of

if TYPE_CHECKING:
    from yifa.exchange.mapping import Reading
    from yifa.exchange.models import Import

SHOWN = 20  # faults that are printed
LISTED = 50  # imports, the latest


@click.group("import", cls=Group, help="从表格导入事项和清单条目（xlsx、xls、csv）。")
def import_lists() -> None:
    """Family of commands on imports."""


@import_lists.command("file", help="导入一个表格：先试算，再导入；同一件不会录两次。")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@option(
    "--to", "target", required=True, metavar="名称", help="导入到哪个事项类型或清单，如 热线和网上诉求工单。"
)
@option("--unit", default=None, metavar="名称", help="整表属于哪个单位；表里有单位一列时不填。")
@option("--mapping", default=None, metavar="名称", help="用哪一份存下的对照；不填时按表头自动匹配。")
@option(
    "--set", "fixed", multiple=True, metavar="列=值", help="整表相同的值，如 诉求渠道=12345热线；可写多个。"
)
@option(
    "--key",
    "keys",
    multiple=True,
    metavar="列",
    help="怎样认出同一件，如 工单编号；可写多个。不填时按编号，没有编号的按名称加日期。",
)
@option("--check", "only_check", is_flag=True, help="只试算，不导入。")
@option("--skip-bad", is_flag=True, help="跳过有错的行；不写时有一行有错就都不导入。")
@option("--update", is_flag=True, help="已有而不同的，按表更新。")
@option("--json", "as_json", is_flag=True, help="输出一行 JSON。")
def import_file(file: Path, target: str, **given: Any) -> None:
    """Check a list and bring it in."""
    data = bytes_of(file)
    open_database()
    from django.conf import settings

    from yifa.exchange import running
    from yifa.exchange.models import Import

    settings.IMPORT_APART = sys.maxsize  # this process is the one it would be given
    run = _laid(data, file.name, target, given)
    running.check(run)
    wrong = run.counts.get("wrong", 0)
    if run.state == Import.State.CHECKED and not given["only_check"]:
        mode = Import.Mode.SKIP if given["skip_bad"] else Import.Mode.WHOLE
        if not wrong or given["skip_bad"]:
            running.bring_in(run, mode, update=given["update"])
    if run.state not in {Import.State.OPEN, Import.State.FAILED} or given["as_json"]:
        _report(run, as_json=given["as_json"], kept=not given["only_check"])
    if run.state == Import.State.OPEN or given["only_check"]:  # it is given anew: nothing of this run is kept
        run.delete()
    if run.state in {Import.State.OPEN, Import.State.FAILED}:
        raise YifaError(run.message, code="import")
    if wrong and not given["skip_bad"] and not given["only_check"]:
        raise YifaError(
            f"有 {wrong} 行有错，没有导入。请改好表再试，或者加 --skip-bad 跳过这些行。", code="import"
        )


def _laid(data: bytes, name: str, target: str, given: dict[str, Any]) -> Import:
    from yifa.exchange.mapping import applied, kept_mappings, propose, reading_from, saved_for
    from yifa.exchange.models import Import
    from yifa.exchange.staging import best_sheet, stage
    from yifa.exchange.targets import find_target
    from yifa.ledger.actions import StoreAttachment

    found = find_target(target)
    if found is None:
        raise YifaError(
            f"没有叫“{target}”的事项类型或清单，或者不止一个。请写全称，如 热线和网上诉求工单。",
            code="missing",
        )
    organization = organization_named(None)
    attachment = StoreAttachment(actor=None, content=data, name=name).execute()
    staged = stage(attachment, best_sheet(attachment))
    reading = propose(found, staged)
    kept = {one.name: one for one in kept_mappings(organization, found)}
    if given["mapping"] and given["mapping"] not in kept:
        raise YifaError(
            f"没有叫“{given['mapping']}”的对照，现有：{'、'.join(kept) or '无'}。", code="missing"
        )
    saved = kept[given["mapping"]] if given["mapping"] else saved_for(organization, found, reading)
    if saved is not None:
        reading = applied(reading_from(saved.data), reading, found)
    fixed = dict(reading.fixed) | _fixed(found, given["fixed"])
    if given["unit"]:
        fixed["unit"] = organization_named(given["unit"]).code
    reading = replace(reading, fixed=fixed)
    _refuse_incomplete(found, reading)
    mapping = reading.as_json()
    if given["keys"]:
        mapping["keys"] = _keys(found, reading, given["keys"])
    return Import.objects.create(
        organization=organization, target=found.key, attachment=attachment, sheet=staged.index, mapping=mapping,
        total=staged.length,
    )  # fmt: skip


def _refuse_incomplete(target: Any, reading: Reading) -> None:
    """Columns that are wanting, with the options that say what they hold."""
    from yifa.exchange.mapping import lacking

    wanting = lacking(target, reading)
    if wanting:
        raise YifaError(
            f"还没有指明“{'”“'.join(wanting)}”在哪一列。整表属于一个单位的用 --unit 单位；整表相同的值用 --set 列=值；"
            "表头写法不同的，先在网页“导入和对账”里对好各列、存下对照，再用 --mapping 名称。",
            code="mapping",
        )


def _keys(target: Any, reading: Any, names: tuple[str, ...]) -> list[str]:
    """By what a thing is known again, as the page offers it: only what the list gives."""
    from yifa.exchange.existing import possible_keys

    offered = {target.meanings[key].title: key for key in possible_keys(target) if key in reading.given}
    for name in names:
        if name not in offered:
            raise YifaError(
                f"不能凭“{name}”认出同一件，这张表可用：{'、'.join(offered) or '无'}。", code="missing"
            )
    return [offered[name] for name in names]


def _fixed(target: Any, given: tuple[str, ...]) -> dict[str, str]:
    by_title = {meaning.title: key for key, meaning in target.meanings.items()}
    found = {}
    for pair in given:
        name, _, value = pair.partition("=")
        if "=" not in pair:
            raise YifaError(f"--set 写作 列=值，如 诉求渠道=12345热线；“{pair}”里没有等号。", code="missing")
        if name not in by_title:
            raise YifaError(
                f"“{target.title}”没有“{name}”这一项，可写：{'、'.join(list(by_title)[:12])}等。",
                code="missing",
            )
        found[by_title[name]] = value
    return found


def _report(run: Import, *, as_json: bool, kept: bool = True) -> None:
    from yifa.exchange.models import ImportedRow

    if as_json:
        number = str(run.pk) if kept else None
        emit({"import": number, "state": run.state, "counts": run.counts, "message": run.message})
        return
    labels = dict(ImportedRow.What.choices)
    counted = [f"{labels[name]} {run.counts[name]} 行" for name in labels if run.counts.get(name)]
    say(f"{run.get_state_display()}：{'，'.join(counted) or '没有行'}。")
    for fault in run.faults.all()[:SHOWN]:
        say(f"  第 {fault.row} 行：{fault.message}")
    _tell_more(run.faults.count() - SHOWN, "处")


@import_lists.command("list", help="列出历次导入。")
def list_imports() -> None:
    """Say what was imported, the latest first."""
    open_database()
    from django.utils import timezone

    from yifa.exchange.models import Import
    from yifa.exchange.targets import target_of

    runs = Import.objects.select_related("attachment")
    for run in runs[:LISTED]:
        say(
            f"{run.pk}  {timezone.localdate(run.created_at)}  {target_of(run.target).title}  {run.attachment.name}"
            f"  {run.get_state_display()}"
        )
    _tell_more(runs.count() - LISTED, "次")


def _tell_more(more: int, what: str) -> None:
    if more > 0:
        say(f"  另有 {more} {what}，见网页“导入和对账”。")


@import_lists.command("continue", help="接着做被中断的试算、导入或撤销。")
@click.argument("number", type=click.UUID, metavar="编号")
def continue_import(number: Any) -> None:
    """Go on with a run where it was left."""
    open_database()
    from yifa.exchange import ahead, running, signs

    run = _named(number)
    ahead.seldom_collected()
    running.work(run.pk)
    run.refresh_from_db()
    if run.state in signs.WORKING:
        raise YifaError(
            f"这次导入标着“{run.get_state_display()}”，另一个进程正在做，或者刚刚被中断，没有接手。"
            f"{signs.STALE:.0f} 秒没有动静的才能接手，请过一会儿再运行一次。",
            code="busy",
        )
    _report(run, as_json=False)


@import_lists.command("undo", help="撤销一次导入；导入以后别人改过的不动，并列出来。")
@click.argument("number", type=click.UUID, metavar="编号")
@option("--reason", required=True, metavar="理由", help="为什么撤销；写进台账。")
def undo_import(number: Any, reason: str) -> None:
    """Take an import back."""
    open_database()
    from django.conf import settings

    from yifa.exchange import running
    from yifa.exchange.models import ImportedRow

    settings.IMPORT_APART = sys.maxsize
    run = _named(number)
    running.undo(run, reason)
    say(f"已撤销 {run.counts.get('undone', 0)} 行，没有撤销 {run.counts.get('kept', 0)} 行。")
    kept = run.rows.filter(what=ImportedRow.What.KEPT)
    for row in kept[:SHOWN]:
        say(f"  第 {row.row} 行 {row.title}：{row.note}")
    _tell_more(kept.count() - SHOWN, "行")


def _named(number: Any) -> Import:
    from yifa.exchange.models import Import

    run = Import.objects.select_related("attachment", "organization", "actor").filter(pk=number).first()
    if run is None:
        raise YifaError(f"没有编号为 {number} 的导入。可用 yifa import list 查看。", code="missing")
    return run
