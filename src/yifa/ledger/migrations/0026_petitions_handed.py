"""A petition is handed to the unit its transfer names. No act stored before names one: its rows stand as they are."""

from typing import Any

from django.db import migrations


def note(apps: Any, editor: Any) -> None:
    """Of a ledger that is in use; no row is made anew."""
    if apps.get_model("ledger", "ProjectionState").objects.exists():
        from yifa.ledger.rows.handing import stand

        stand("petition")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0025_case_lists_by_state")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
