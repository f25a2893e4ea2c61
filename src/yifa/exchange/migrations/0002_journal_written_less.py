"""A row of an import's journal is found by two indexes that begin with its import: the third, and the key asked for with each
row on PostgreSQL, are given up. SQLite, which would write the table anew for it, keeps the key.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def written_less(apps: Any, editor: Any) -> None:
    """Without them, by whatever names they have."""
    model = apps.get_model("exchange", "ImportedRow")
    table = editor.quote_name(model._meta.db_table)
    for index in editor._constraint_names(model, ["run_id"], index=True, unique=False):
        editor.execute(f"DROP INDEX {editor.quote_name(index)}")
    if editor.connection.vendor == "postgresql":
        for key in editor._constraint_names(model, ["run_id"], foreign_key=True):
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {editor.quote_name(key)}")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(written_less, migrations.RunPython.noop)],
            [
                migrations.AlterField(
                    "importedrow",
                    "run",
                    models.ForeignKey(
                        to="exchange.import",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        db_index=False,
                        db_constraint=False,
                    ),
                )
            ],
        )
    ]
