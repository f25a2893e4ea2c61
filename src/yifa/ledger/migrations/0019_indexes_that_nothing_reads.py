"""Indexes that each act would write and nothing reads. 0015 was to drop most of them and found none of them."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NEEDLESS = (
    ("Record", "digest"),  # for the beginnings of digests; the digest itself is unique
    ("Record", "recorded_by_id"),
    ("CaseAct", "case_id"),  # begins the index over case and position
    ("CaseAct", "record_id"),
    ("CaseAct", "unit_id"),
    ("Case", "opened_by_id"),
)
FOR_BEGINNINGS = ("Case", "number")  # beside the index of numbers


def drop_needless(apps: Any, editor: Any) -> None:
    """Whatever names they have; none where they are gone."""
    for model, column in NEEDLESS:
        _drop(editor, apps.get_model("ledger", model), column)
    if editor.connection.vendor == "postgresql":
        model, column = FOR_BEGINNINGS
        _drop(editor, apps.get_model("ledger", model), column, "_like")


def _drop(editor: Any, model: Any, column: str, ending: str = "") -> None:
    for name in editor._constraint_names(model, [column], index=True, unique=False):
        if name.endswith(ending):
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0016_waiting_and_checks"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(drop_needless)],
            [
                migrations.AlterField(
                    "case",
                    "opened_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
