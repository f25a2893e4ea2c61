"""Attempts that the law refused have a chain of their own beside that of their case."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_act_listings")]

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
                    ("attempt", "被拒绝的办理"),
                ],
                max_length=20,
            ),
        ),
    ]
