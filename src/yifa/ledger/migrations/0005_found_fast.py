"""Lists in any order, and cases by any two characters, out of a million."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def make_pairs(apps: Any, editor: Any) -> None:
    """The index beside the words; what stands in it is made by the next rebuild, which the daily work then does."""
    if editor.connection.vendor == "sqlite":
        editor.execute(
            "CREATE VIRTUAL TABLE ledger_casepairs USING fts5(pairs, content='', detail=none, columnsize=0)"
        )
    elif editor.connection.vendor == "postgresql":
        editor.execute("CREATE TABLE ledger_casepairs (id bigint PRIMARY KEY, pairs text[] NOT NULL)")
        editor.execute("CREATE INDEX ledger_casepairs_pairs ON ledger_casepairs USING gin (pairs)")
    apps.get_model("ledger", "ProjectionState").objects.update(rules="")


def drop_pairs(_: Any, editor: Any) -> None:
    """Takes it away again."""
    editor.execute("DROP TABLE IF EXISTS ledger_casepairs")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_counted_spans"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.AlterField(
            model_name="case",
            name="closed_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="next_due",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="caseclock",
            name="due",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["title", "opened_on", "id"], name="case_by_title"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["next_due", "opened_on", "id"], name="case_by_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["findings_count", "opened_on", "id"], name="case_by_findings"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["closed_on"], name="case_by_closing"),
        ),
        migrations.AddIndex(
            model_name="caseclock",
            index=models.Index(
                condition=models.Q(
                    ("due__isnull", False),
                    ("minimum", False),
                    ("paused", False),
                    ("stopped_on__isnull", True),
                ),
                fields=["due", "case", "clock"],
                name="clock_running",
            ),
        ),
        migrations.AddField(
            model_name="casetext",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="words", to="ledger.case"
            ),
        ),
        migrations.RunPython(make_pairs, drop_pairs),
    ]
