"""PostgreSQL's index of words notes what is new and sorts it in by the hundred: an act need not change fifty of its pages."""

from typing import Any

from django.db import migrations

INDEX = "ledger_casetext_pairs"
NOTED = 64  # kB, some ninety texts: a search reads eight pages more, who fills it waits for the sorting


def noted(apps: Any, editor: Any) -> None:
    """What is new stands beside the index first."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER INDEX {INDEX} SET (fastupdate = on, gin_pending_list_limit = {NOTED})")


def sorted_at_once(apps: Any, editor: Any) -> None:
    """As 0015 had it."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER INDEX {INDEX} SET (fastupdate = off)")
        editor.execute(f"SELECT gin_clean_pending_list('{INDEX}')")
        editor.execute(f"ALTER INDEX {INDEX} RESET (gin_pending_list_limit)")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0019_what_happened")]

    operations = [migrations.RunPython(noted, sorted_at_once, elidable=False)]
