"""PostgreSQL no longer asks for each row made from records whether its case is there: verification asks once for all.

SQLite, which would write every table anew for it, keeps asking.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ROWS = (
    ("caseact", "case"),
    ("caseclock", "case"),
    ("casefinding", "case"),
    ("casetext", "case"),
    ("countedspan", "case"),
    ("countedspan", "entry"),
)


def ask_no_more(apps: Any, editor: Any) -> None:
    """Without the constraints, by whatever names they have."""
    if editor.connection.vendor != "postgresql":
        return
    for name, parent in ROWS:
        model = apps.get_model("ledger", name)
        for constraint in editor._constraint_names(model, [f"{parent}_id"], foreign_key=True):
            table, quoted = map(editor.quote_name, (model._meta.db_table, constraint))
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quoted}")


def of(parent: str, related_name: str, kind: Any = models.ForeignKey, **more: Any) -> Any:
    """What names a case or an entry."""
    deleting = django.db.models.deletion.CASCADE
    return kind(
        to=f"ledger.{parent}", on_delete=deleting, related_name=related_name, db_constraint=False, **more
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0020_words_noted_and_sorted_later")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(ask_no_more, migrations.RunPython.noop)],
            [
                migrations.AlterField("caseact", "case", of("case", "acts", db_index=False)),
                migrations.AlterField("caseclock", "case", of("case", "clocks")),
                migrations.AlterField("casefinding", "case", of("case", "findings", db_index=False)),
                migrations.AlterField("casetext", "case", of("case", "words", models.OneToOneField)),
                migrations.AlterField("countedspan", "case", of("case", "spans", null=True)),
                migrations.AlterField(
                    "countedspan", "entry", of("entry", "spans", null=True, db_index=False)
                ),
            ],
        )
    ]
