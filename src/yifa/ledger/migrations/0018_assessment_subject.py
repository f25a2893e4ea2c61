"""A year of assessment has its chain of records."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0017_read_and_written_less"),
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
                    ("draw", "抽取"),
                    ("review", "案卷评查"),
                    ("assessment", "年度考核"),
                    ("attempt", "被拒绝的办理"),
                ],
                max_length=20,
            ),
        ),
    ]
