"""Steps, deadlines and late records of every case; those there are wait to be read."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def note_all(apps: Any, editor: Any) -> None:
    """Every case and entry there is waits to be read."""
    stale = apps.get_model("ledger", "StaleChain")._meta.db_table
    for model, subject in (("Case", "case"), ("Entry", "entry")):
        table = apps.get_model("ledger", model)._meta.db_table
        sql = f"INSERT INTO {stale} (subject, chain) SELECT %s, id FROM {table}"  # noqa: S608 - our own names
        editor.connection.cursor().execute(sql, [subject])


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0018_assessment_subject"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaleChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=20)),
                ("chain", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Edge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_type", models.CharField(max_length=60)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("target", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case_type", "source", "target"), name="edge_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_type", models.CharField(max_length=60)),
                ("clock", models.CharField(max_length=60)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case_type", "clock"), name="term_once")],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                (
                    "what",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "补录"),
                            (1, "更正环节"),
                            (2, "撤销环节"),
                            (3, "更改事项信息"),
                            (4, "追溯修订条目"),
                        ]
                    ),
                ),
                ("days", models.IntegerField()),
                ("recorded_on", models.DateField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="ledger.case",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="ledger.entry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.record",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["recorded_on", "organization", "kind", "what", "days"],
                        name="amendment_by_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mark",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "依次"), (1, "未按法定次序"), (2, "重复办理"), (3, "应办未办")],
                        default=0,
                    ),
                ),
                (
                    "stands",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "有后续环节"), (1, "停在这一环节"), (2, "到此办结")], default=0
                    ),
                ),
                ("days", models.IntegerField()),
                ("on", models.DateField()),
                ("position", models.PositiveIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="ledger.case",
                    ),
                ),
                (
                    "edge",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.edge",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["edge", "mark", "stands", "days", "organization", "on"], name="step_by_edge"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TermRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "在走"), (1, "按期"), (2, "超期"), (3, "中止中")]
                    ),
                ),
                ("due", models.DateField()),
                ("stopped_on", models.DateField(null=True)),
                ("signs", models.PositiveSmallIntegerField(default=0)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="term_runs",
                        to="ledger.case",
                    ),
                ),
                (
                    "edge",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.edge",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.term",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["term", "state", "organization", "due", "edge", "signs"],
                        name="term_run_by_state",
                    )
                ],
            },
        ),
        migrations.RunPython(note_all, migrations.RunPython.noop),
    ]
