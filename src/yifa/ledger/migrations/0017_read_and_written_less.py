"""Indexes nothing reads are gone in earnest (0015 meant to); what figures, faults and sorted lists ask for stands in an index."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import yifa.ledger.models.indexes

NEEDLESS = (
    ("Record", "digest"),  # for the beginnings of digests; the digest itself is unique
    ("Record", "recorded_by_id"),
    ("Record", "organization_id"),
    ("Case", "opened_by_id"),
    ("CaseAct", "case_id"),  # begins the index over case and position
    ("CaseAct", "record_id"),
    ("CaseAct", "unit_id"),
    ("CaseFinding", "case_id"),  # begins an index made below
    ("CountedSpan", "entry_id"),  # of which few spans have one
)
BEGINNINGS = "_like"  # how names of PostgreSQL's indexes for the beginnings of texts end


def drop_needless(apps: Any, editor: Any) -> None:
    """Indexes that nothing reads, by whatever names they have."""
    for model, column in NEEDLESS:
        for name in _plain_indexes(editor, apps.get_model("ledger", model)._meta.db_table, column):
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")
    for name in _plain_indexes(editor, apps.get_model("ledger", "Case")._meta.db_table, "number"):
        if name.endswith(BEGINNINGS):
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")


def _plain_indexes(editor: Any, table: str, column: str) -> list[str]:
    """Those over this column alone that guarantee nothing."""
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, table)
    return [
        name
        for name, one in found.items()
        if one["index"] and one["columns"] == [column] and not one["unique"] and not one["primary_key"]
    ]


def count_anew(apps: Any, editor: Any) -> None:
    """What the database knows of the new indexes: without it SQLite takes them for as good as any."""
    if apps.get_model("ledger", "Case").objects.exists():
        editor.execute("ANALYZE")


def unindexed(model: str, name: str, to: str, *, null: bool = False, **more: Any) -> migrations.AlterField:
    """A foreign key without an index of its own."""
    deleting = more.pop("on_delete", django.db.models.deletion.PROTECT)
    field = models.ForeignKey(db_index=False, null=null, on_delete=deleting, to=to, **more)
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0016_waiting_and_checks"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(drop_needless, migrations.RunPython.noop)],
            [
                unindexed("case", "opened_by", settings.AUTH_USER_MODEL, null=True, related_name="+"),
                unindexed("record", "organization", "ledger.organization", related_name="+"),
                unindexed(
                    "casefinding",
                    "case",
                    "ledger.case",
                    related_name="findings",
                    on_delete=django.db.models.deletion.CASCADE,
                ),
                unindexed(
                    "countedspan",
                    "entry",
                    "ledger.entry",
                    null=True,
                    related_name="spans",
                    on_delete=django.db.models.deletion.CASCADE,
                ),
            ],
        ),
        migrations.RemoveIndex("case", "case_by_status"),
        migrations.RemoveIndex("case", "case_faulty"),
        migrations.RemoveIndex("case", "case_by_title"),
        migrations.RemoveIndex("case", "case_by_due"),
        migrations.RemoveIndex("case", "case_by_findings"),
        migrations.RemoveIndex("countedspan", "span_in_period"),
        migrations.RemoveIndex("countedspan", "span_standing_at"),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["status", "opened_on", "id", "organization", "case_type"], name="case_by_status"
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["title", "opened_on", "id", "organization", "case_type"], name="case_by_title"
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["next_due", "opened_on", "id", "organization", "case_type"], name="case_by_due"
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["findings_count", "opened_on", "id", "organization", "case_type"],
                name="case_by_findings",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                condition=models.Q(("findings_count__gt", 0)),
                fields=["opened_on", "id", "organization", "case_type", "last", "findings_count"],
                name="case_faulty",
            ),
        ),
        migrations.AddIndex(
            "casefinding",
            models.Index(fields=["case", "kind", "act", "id"], name="finding_of_case"),
        ),
        migrations.AddIndex(
            "countedspan",
            yifa.ledger.models.indexes.WordedIndex(
                fields=["tally", "on", "organization", "since", "until", "amount", "record", "position"],
                name="span_in_period",
                words=["part", "told"],
            ),
        ),
        migrations.AddIndex(
            "countedspan",
            yifa.ledger.models.indexes.WordedIndex(
                condition=models.Q(("standing", True)),
                fields=[
                    "tally",
                    "until",
                    "since",
                    "organization",
                    "on",
                    "amount",
                    "record",
                    "position",
                    "standing",
                ],
                name="span_standing_at",
                words=["part", "told"],
            ),
        ),
        migrations.AddIndex(
            "countedspan",
            models.Index(
                condition=models.Q(("entry__isnull", False)), fields=["entry"], name="span_of_entry"
            ),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
