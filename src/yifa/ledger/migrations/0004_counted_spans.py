"""What counts is stored by span of the cut-off; cases and entries know the id of their last record."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce


def note_last_records(apps: Any, _: Any) -> None:
    """Fills in the new columns; the spans are made by the next rebuild, which the daily work then does."""
    Record = apps.get_model("ledger", "Record")
    for name, subject in (("Case", "case"), ("Entry", "entry")):
        model = apps.get_model("ledger", name)
        chain = Record.objects.filter(subject=subject, subject_id=models.OuterRef("pk")).order_by("-position")
        model.objects.update(last=Coalesce(models.Subquery(chain.values("pk")[:1]), 0))
    apps.get_model("ledger", "ProjectionState").objects.update(rules="")


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_attempts"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=160)),
                ("digest", models.CharField(max_length=64)),
                ("complete", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="CountedSpan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("standing", models.BooleanField(default=False)),
                ("on", models.DateField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("amount", models.BigIntegerField(null=True)),
                ("told", models.TextField(null=True)),
                ("part", models.TextField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(db_index=True, max_length=60)),
                ("plain", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="TallyRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.TextField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="last",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="entry",
            name="last",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="case",
            name="case_type",
            field=models.CharField(max_length=60),
        ),
        migrations.AlterField(
            model_name="case",
            name="opened_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="ledger.organization",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="register",
            field=models.CharField(max_length=60),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["opened_on", "id"], name="case_by_day"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["case_type", "opened_on", "id"], name="case_by_type"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["organization", "opened_on", "id"], name="case_by_unit"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["status", "opened_on", "id"], name="case_by_status"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["case_type", "last"], name="case_last"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True)), fields=["opened_on", "id"], name="case_open"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("findings_count__gt", 0)), fields=["opened_on", "id"], name="case_faulty"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["register", "key", "id"], name="entry_by_key"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["register", "last"], name="entry_last"),
        ),
        migrations.AddConstraint(
            model_name="countedrule",
            constraint=models.UniqueConstraint(fields=("rule", "digest"), name="counted_rule_once"),
        ),
        migrations.AddField(
            model_name="countedspan",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="spans", to="ledger.case"
            ),
        ),
        migrations.AddField(
            model_name="countedspan",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="spans",
                to="ledger.entry",
            ),
        ),
        migrations.AddField(
            model_name="countedspan",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.organization",
            ),
        ),
        migrations.AddField(
            model_name="countedspan",
            name="record",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="ledger.record",
            ),
        ),
        migrations.AddField(
            model_name="countedspan",
            name="tally",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.tally",
            ),
        ),
        migrations.AddField(
            model_name="tallyrule",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="ledger.countedrule"
            ),
        ),
        migrations.AddField(
            model_name="tallyrule",
            name="tally",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="ledger.tally"
            ),
        ),
        migrations.AddIndex(
            model_name="countedspan",
            index=models.Index(
                fields=["tally", "on", "organization", "since", "until", "amount"], name="span_by_day"
            ),
        ),
        migrations.AddIndex(
            model_name="countedspan",
            index=models.Index(
                condition=models.Q(("standing", True)),
                fields=["tally", "until", "since", "organization"],
                name="span_standing",
            ),
        ),
        migrations.AddConstraint(
            model_name="tallyrule",
            constraint=models.UniqueConstraint(fields=("tally", "rule"), name="tally_rule_once"),
        ),
        migrations.RunPython(note_last_records, migrations.RunPython.noop),
    ]
