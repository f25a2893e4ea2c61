"""A long list is read in a process of its own: one more state of an import."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_journal_written_less")]

    operations = [
        migrations.AlterField(
            "import",
            "state",
            models.CharField(
                choices=[
                    ("reading", "读表中"),
                    ("open", "待核对"),
                    ("checking", "试算中"),
                    ("checked", "已试算"),
                    ("running", "导入中"),
                    ("done", "已导入"),
                    ("undoing", "撤销中"),
                    ("undone", "已撤销"),
                    ("failed", "没有导入"),
                ],
                default="open",
                max_length=10,
            ),
        )
    ]
