"""Acts wait by kind and status; what rows made from records name is proved by verification, not for each row."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

UNCHECKED = (
    ("CaseAct", "record_id"),
    ("CaseAct", "unit_id"),
    ("CaseClock", "organization_id"),
    ("CountedSpan", "organization_id"),
    ("CountedSpan", "tally_id"),
)


def drop_checks(apps: Any, editor: Any) -> None:
    """SQLite would copy whole tables for it, and checks faster."""
    if editor.connection.vendor != "postgresql":
        return
    for model, column in UNCHECKED:
        known = apps.get_model("ledger", model)
        for name in editor._constraint_names(known, [column], foreign_key=True):
            table = editor.quote_name(known._meta.db_table)
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {editor.quote_name(name)}")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0015_written_less"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(drop_checks)],
            [
                migrations.AlterField(
                    model_name="caseact",
                    name="record",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.record",
                    ),
                ),
                migrations.AlterField(
                    model_name="caseact",
                    name="unit",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                migrations.AlterField(
                    model_name="caseclock",
                    name="organization",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                migrations.AlterField(
                    model_name="countedspan",
                    name="organization",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                migrations.AlterField(
                    model_name="countedspan",
                    name="tally",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.tally",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)),
                fields=["case_type", "status", "opened_on", "id", "organization"],
                name="case_waiting",
            ),
        ),
    ]
