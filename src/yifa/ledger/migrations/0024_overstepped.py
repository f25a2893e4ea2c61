"""Cases that overstepped a deadline are listed from an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0023_handed_listed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("broken__gt", 0)),
                fields=["opened_on", "id", "organization", "case_type", "next_due", "broken"],
                name="case_broken",
            ),
        ),
    ]
