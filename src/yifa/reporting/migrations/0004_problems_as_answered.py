from django.db import migrations, models


class Migration(migrations.Migration):
    """Answers keep the problem as it stood when it was answered."""

    dependencies = [("reporting", "0003_incoming_reports")]

    operations = [
        migrations.AddField(
            model_name="problemanswer",
            name="content",
            field=models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="problemanswer",
            name="year",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
    ]
