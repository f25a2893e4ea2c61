"""The units a case was handed to (转办、交办、移交), so that their accounts see it. The next one fills the table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0021_proved_by_verification")]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit", models.CharField(max_length=120)),
                ("act", models.CharField(max_length=60)),
                ("waiting", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handovers",
                        to="ledger.case",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["unit", "waiting", "case"], name="handover_by_unit")]},
        ),
    ]
