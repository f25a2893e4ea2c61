"""The papers of cases have chains of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_one_index_less"),
    ]

    operations = [
        migrations.AlterField(
            model_name="record",
            name="subject",
            field=models.CharField(
                choices=[
                    ("case", "事项"),
                    ("entry", "条目"),
                    ("organization", "单位"),
                    ("plan", "计划"),
                    ("report", "报告"),
                    ("document", "文书"),
                    ("attempt", "被拒绝的办理"),
                ],
                max_length=20,
            ),
        ),
    ]
