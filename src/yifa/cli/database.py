"""Opening the database behind a command: Django, migrations, the body and its units."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from yifa.law.errors import YifaError
from yifa.ledger.installation.trouble import in_words

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

    from yifa.ledger.models import Organization


class NoBodyError(YifaError):
    """The data folder is empty, or the unit named is not in it."""

    code = "no_body"


def start_django() -> None:
    """Start Django alone, for commands that work on files: no database is opened."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.settings")
    import django

    try:
        django.setup()
    except OSError as error:
        folder = Path(os.environ.get("YIFA_DATA", "data")).resolve()
        raise YifaError(
            f"数据文件夹用不了：{folder}。它须是一个可以读写的文件夹；请检查 YIFA_DATA、权限和磁盘空间。",
            code="data_folder",
        ) from error


def open_database() -> None:
    """Start Django and bring the schema up to date. Only commands that need the database pay for Django."""
    start_django()
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        _refuse_newer(executor.loader)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        words = in_words(error) or f"请检查 YIFA_DATA 所指文件夹，或 DATABASE_URL 是否正确。原文：{error}"
        raise YifaError(f"数据库用不了。{words}", code="database") from error


def _refuse_newer(loader: MigrationLoader) -> None:
    """A database a later version of the program has changed is left alone: this one does not know what is in it."""
    known: dict[str, str] = {}
    for app, name in loader.disk_migrations or ():
        known[app] = max(known.get(app, ""), name[:4])
    newer = sorted(
        f"{app} {name}" for app, name in loader.applied_migrations if app in known and name[:4] > known[app]
    )
    if newer:
        raise YifaError(
            f"这个数据库是用更新版本的依法建立或者升级的（{'、'.join(newer[:3])}），本版本不能打开，没有改动它。"
            "请安装同样新或者更新的版本；要退回本版本的，请用升级前的备份恢复。",
            code="newer_database",
        )


def organization_named(name: str | None) -> Organization:
    """The unit of that name (or short name); the body itself when none is given."""
    from yifa.ledger.models import Organization

    body = Organization.objects.body()
    if body is None:
        raise NoBodyError(
            "数据文件夹里还没有单位。请先运行：yifa init --name 名称 --level county，或 yifa demo load。"
        )
    if name is None:
        return body
    found = list(Organization.objects.filter(name=name)) or list(Organization.objects.filter(short_name=name))
    if not found:
        found = list(Organization.objects.filter(names__name=name).distinct())
    if len(found) == 1:
        return found[0]
    if found:
        raise NoBodyError(f"名为“{name}”的单位不止一个：{'、'.join(o.name for o in found)}。请用全称。")
    close = Organization.objects.filter(name__contains=name[:2]).values_list("name", flat=True)[:5]
    hint = f"相近的有：{'、'.join(close)}。" if close else f"本级是“{body.name}”。"
    raise NoBodyError(f"没有名为“{name}”的单位。{hint}")
