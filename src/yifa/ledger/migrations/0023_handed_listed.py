"""What the list of cases handed over is cut and sorted by stands beside the unit. Made from the acts that are stored."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def empty(apps: Any, editor: Any) -> None:
    """Columns that may not be empty come into an empty table; it is filled again below."""
    apps.get_model("ledger", "Handover").objects.all().delete()


def fill(apps: Any, editor: Any) -> None:
    """Of a ledger that is in use; no other row is made anew."""
    if apps.get_model("ledger", "Case").objects.exists():
        from yifa.ledger.rows.handing import fill as from_acts

        from_acts()


class Migration(migrations.Migration):
    dependencies = [("ledger", "0022_handed_to_units")]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.AddField(
            model_name="handover",
            name="case_type",
            field=models.CharField(default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="handover",
            name="opened_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="handover",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.organization",
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                fields=["unit", "opened_on", "case", "organization", "case_type"], name="handover_listed"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
