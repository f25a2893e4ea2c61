"""Scores of the smaller demonstration as text: in the tests' database, or as a program in one of its own.

DATABASE_URL=… YIFA_DATA=… python -m tests.demo.scored   prints the database, scores, scores after a rebuild
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def twice() -> tuple[dict[str, Any], dict[str, Any]]:
    """The scores by set and unit, and the same after all rows were made anew from the records."""
    from yifa.ledger.rows.rebuilding import rebuild

    before = _scores()
    rebuild()
    return before, _scores()


def _scores() -> dict[str, Any]:
    from tests.demo.small import TODAY
    from yifa.assessment.computing import measured, scores_of
    from yifa.assessment.storing import as_stored
    from yifa.law.loader import catalogue
    from yifa.ledger.models import Organization

    start, units = TODAY.replace(month=1, day=1), list(Organization.objects.order_by("code"))
    return {
        f"{name} {unit.code}": as_stored(scores)
        for name, given in catalogue().indicator_sets.items()
        for unit, scores in scores_of(given, measured(given, units), start, TODAY)
    }


def main() -> None:
    """Make the county in an empty database, score it, say so."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "yifa.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.demo.small import small_county

    call_command("migrate", verbosity=0)
    small_county()
    json.dump([connection.vendor, *twice()], sys.stdout)


if __name__ == "__main__":
    main()
