"""An index by closing made lists of open cases slow: most open cases look alike to it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0005_found_fast"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_by_closing",
        ),
    ]
