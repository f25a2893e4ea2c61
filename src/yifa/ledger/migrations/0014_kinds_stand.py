"""Each kind of case and entry stands by itself; of what stood so far all kinds are made anew once, in stretches."""

from typing import Any

from django.db import migrations, models
from django.utils import timezone


def note_that_some_stood(apps: Any, _: Any) -> None:
    """The one row there was is replaced by one that names no kind, under a number the database gives."""
    states = apps.get_model("ledger", "ProjectionState").objects
    if states.exists():
        states.all().delete()
        states.create(kind="", built_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0013_supervision_subjects"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rebuild",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=60, unique=True)),
                ("target", models.CharField(max_length=64)),
                ("reached", models.CharField(blank=True, max_length=80)),
                ("done", models.PositiveBigIntegerField(default=0)),
                ("total", models.PositiveBigIntegerField(default=0)),
                ("began_at", models.DateTimeField()),
                ("moved_at", models.DateTimeField()),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RemoveField(model_name="projectionstate", name="rules"),
        migrations.AddField(
            model_name="projectionstate",
            name="kind",
            field=models.CharField(default="", max_length=60, unique=True),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="projectionstate",
            name="rows",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="projectionstate",
            name="spans",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.RunPython(note_that_some_stood, migrations.RunPython.noop),
    ]
