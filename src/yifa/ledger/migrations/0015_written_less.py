"""An act writes fewer indexes; in PostgreSQL what finds a case stands beside its text, with the quarter of its opening."""

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
)
QUARTER = """chr(57344 + greatest(0, least(399, CASE WHEN id >> 43 = 0 THEN 0 ELSE
    (extract(year FROM date '0001-01-01' + (id >> 43)::int - 1)::int - 1950) * 4
    + extract(quarter FROM date '0001-01-01' + (id >> 43)::int - 1)::int - 1 END)))"""
MOVED = (
    "CREATE TEMPORARY TABLE moved AS SELECT id, case_id, text, array_append(COALESCE(pairs, '{}'), "  # noqa: S608 - no values in it
    + QUARTER
    + ") AS pairs FROM ledger_casetext LEFT JOIN ledger_casepairs USING (id)",
    "TRUNCATE ledger_casetext",
    "ALTER TABLE ledger_casetext ADD COLUMN pairs text[] NOT NULL DEFAULT '{}'",
    # the texts close together, the pairs, which only the index reads, out of the way
    "ALTER TABLE ledger_casetext ALTER COLUMN pairs SET STORAGE EXTERNAL, ALTER COLUMN text SET STORAGE MAIN",
    "ALTER TABLE ledger_casetext SET (toast_tuple_target = 256)",
    "INSERT INTO ledger_casetext (id, case_id, text, pairs) SELECT id, case_id, text, pairs FROM moved ORDER BY id",
    "CREATE INDEX ledger_casetext_pairs ON ledger_casetext USING gin (pairs) WITH (fastupdate = off)",
    "DROP TABLE moved",
    "DROP TABLE ledger_casepairs",
)


def drop_needless(apps: Any, editor: Any) -> None:
    """Indexes that nothing reads, by whatever names they have."""
    for model, column in NEEDLESS:
        known = apps.get_model("ledger", model)
        for name in editor._constraint_names(known, [column], index=True, unique=False, foreign_key=False):
            editor.execute(f"DROP INDEX {editor.quote_name(name)}")


def move_pairs(apps: Any, editor: Any) -> None:
    """The pairs beside the texts. That each text has a case is proved once for all, not for each."""
    if editor.connection.vendor != "postgresql":
        return
    texts = apps.get_model("ledger", "CaseText")
    (name,) = map(editor.quote_name, editor._constraint_names(texts, ["case_id"], foreign_key=True))
    editor.execute(f"ALTER TABLE ledger_casetext DROP CONSTRAINT {name}")
    for sql in MOVED:
        editor.execute(sql)
    editor.execute(
        f"ALTER TABLE ledger_casetext ADD CONSTRAINT {name} FOREIGN KEY (case_id) REFERENCES ledger_case (id)"
        " DEFERRABLE INITIALLY DEFERRED"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0014_kinds_stand"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(drop_needless)],
            [
                migrations.AlterField(
                    "record",
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    "caseact",
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to="ledger.case",
                    ),
                ),
                migrations.AlterField(
                    "caseact",
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.record",
                    ),
                ),
                migrations.AlterField(
                    "caseact",
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
            ],
        ),
        migrations.RunPython(move_pairs),
    ]
