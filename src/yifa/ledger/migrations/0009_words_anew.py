"""What finds cases by words knows fours of digits and whose case it is: it is made anew by the rebuild that follows."""

from typing import Any

from django.db import migrations


def empty_pairs(apps: Any, editor: Any) -> None:
    """An index without content cannot be told what it held under other rules."""
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE ledger_casepairs")
        editor.execute(
            "CREATE VIRTUAL TABLE ledger_casepairs USING fts5(pairs, content='', detail=none, columnsize=0)"
        )
    elif editor.connection.vendor == "postgresql":
        editor.execute("TRUNCATE ledger_casepairs")
    apps.get_model("ledger", "CaseText").objects.all().delete()
    apps.get_model("ledger", "ProjectionState").objects.update(rules="")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0008_within_indexes"),
    ]

    operations = [
        migrations.RunPython(empty_pairs, empty_pairs),
    ]
