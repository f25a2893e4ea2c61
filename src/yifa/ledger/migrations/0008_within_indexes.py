"""Running deadlines are found by unit without looking at their cases; lists are filtered within their indexes."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def note_units(apps: Any, _: Any) -> None:
    """Fills in whose clock it is, and which are a party's; a rebuild would give the same."""
    from yifa.law.loader import catalogue

    clocks = apps.get_model("ledger", "CaseClock").objects
    case = apps.get_model("ledger", "Case").objects.filter(pk=OuterRef("case_id"))
    clocks.update(organization_id=Subquery(case.values("organization_id")))
    for case_type in catalogue().case_types.values():
        theirs = [clock_id for clock_id, clock in case_type.clocks.items() if clock.party is not None]
        if theirs:
            clocks.filter(clock__in=theirs, case__case_type=case_type.case_type).update(party=True)


FILTERED = ["closed_on", "next_due", "findings_count"]
WIDER = {
    "case_by_day": ["opened_on", "id", "organization", "case_type"],
    "case_by_type": ["case_type", "opened_on", "id", "organization"],
    "case_by_unit": ["organization", "opened_on", "id", "case_type"],
}


class Migration(migrations.Migration):
    atomic = False  # PostgreSQL will not alter a table whose new rows are still to be checked

    dependencies = [
        ("ledger", "0007_papers_have_chains"),
    ]

    operations = [
        *(migrations.RemoveIndex(model_name="case", name=name) for name in WIDER),
        *(
            migrations.AddIndex(model_name="case", index=models.Index(fields=[*fields, *FILTERED], name=name))
            for name, fields in WIDER.items()
        ),
        migrations.RemoveIndex(model_name="caseclock", name="clock_running"),
        migrations.AddField(
            model_name="caseclock",
            name="party",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="caseclock",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.organization",
            ),
        ),
        migrations.RunPython(note_units, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="caseclock",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="caseclock",
            index=models.Index(
                condition=models.Q(
                    ("due__isnull", False),
                    ("minimum", False),
                    ("party", False),
                    ("paused", False),
                    ("stopped_on__isnull", True),
                ),
                fields=["due", "organization", "case", "clock"],
                name="clock_running",
            ),
        ),
    ]
