"""Opening the database behind a command: Django, migrations, the body and its units."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from yifa.law.errors import YifaError

if TYPE_CHECKING:
    from yifa.ledger.models import Organization


class NoBodyError(YifaError):
    """The data folder is empty, or the unit named is not in it."""

    code = "no_body"


def start_django() -> None:
    """Start Django alone, for commands that work on files: no database is opened."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yifa.settings")
    import django

    django.setup()


def open_database() -> None:
    """Start Django and bring the schema up to date. Only commands that need the database pay for Django."""
    start_django()
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise YifaError(
            f"数据库打不开：{error}。请检查 YIFA_DATA 所指文件夹的权限，或 DATABASE_URL 是否正确、数据库是否已启动。",
            code="database",
        ) from error


def organization_named(name: str | None) -> Organization:
    """The unit of that name (or short name); the body itself when none is given."""
    from yifa.ledger.models import Organization

    body = Organization.objects.filter(parent=None).order_by("id").first()
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
