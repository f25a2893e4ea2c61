from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import django.db.models.deletion
from django.db import migrations, models

import yifa.reporting.keptrecords


def keep(apps: Any, schema_editor: Any) -> None:
    """The lists of records of old figures become sets that keep their own words; parts become pairs."""
    from yifa.ledger.chain.canonical import sm3
    from yifa.ledger.figures.columns import of_records, pack, written
    from yifa.ledger.figures.slices import record_ids

    figures, sets, pages, links = (
        apps.get_model("reporting", name)
        for name in ("StoredFigure", "RecordSet", "RecordPage", "FigureRecords")
    )
    for figure in figures.objects.iterator(chunk_size=20):
        figure.records_count = len(figure.listed)
        figure.save(update_fields=["records_count", "parts"])  # a dict is written as pairs now
        if not figure.listed:
            continue
        columns = of_records(map(counted, figure.listed), record_ids)
        texts = [(page.records[0], page.records[-1], written(page)) for page in columns.pages()]
        kept, new = sets.objects.get_or_create(
            digest=sm3(b"\n".join(text for _, _, text in texts)), defaults={"size": len(columns)}
        )
        if new:
            pages.objects.bulk_create(
                pages(record_set=kept, first=first, last=last, packed=pack(text))
                for first, last, text in texts
            )
        links.objects.create(figure=figure, record_set=kept)


def counted(said: Mapping[str, Any]) -> Any:
    from yifa.ledger.figures.counted import CountedRecord

    texts = {name: said.get(name) or "" for name in ("kind", "title", "number", "unit", "act", "digest")}
    return CountedRecord(
        id=UUID(said["id"]),
        position=said["position"],
        on=date.fromisoformat(said["on"]) if said["on"] else date.min,
        value=Decimal(said["value"]),
        part=said.get("part"),
        **texts,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_one_index_less"),
        ("reporting", "0005_reasons_for_cuts"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("size", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RecordPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.PositiveBigIntegerField()),
                ("last", models.PositiveBigIntegerField()),
                ("packed", models.BinaryField()),
                (
                    "record_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="reporting.recordset",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["record_set", "last", "first"], name="page_by_record")],
            },
        ),
        migrations.CreateModel(
            name="FigureRecords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.TextField(null=True)),
                ("by_unit", models.BooleanField(default=False)),
                (
                    "figure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sets",
                        to="reporting.storedfigure",
                    ),
                ),
                (
                    "record_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="figures",
                        to="reporting.recordset",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddField("report", "units", models.JSONField(default=dict)),
        migrations.AddField("storedfigure", "records_count", models.PositiveIntegerField(default=0)),
        migrations.AddField("storedfigure", "known", models.PositiveBigIntegerField(null=True)),
        migrations.RenameField("storedfigure", "records", "listed"),
        migrations.AlterField("storedfigure", "parts", yifa.reporting.keptrecords.PartsField(default=dict)),
        migrations.RunPython(keep),
        migrations.RemoveField("storedfigure", "listed"),
    ]
