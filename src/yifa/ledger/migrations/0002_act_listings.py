"""How what an act names stood on its day is kept with the act, where clocks are judged from rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="caseact",
            name="listed",
            field=models.JSONField(default=dict),
        ),
    ]
