"""The indexes of case lists hold what lists are filtered by: a state's cases in any order are found in the index."""

from django.db import migrations, models

STATE = ("closed_on", "next_due", "broken", "findings_count")
INDEXES = {
    "case_by_day": ("opened_on", "id", "organization", "case_type", *STATE),
    "case_by_type": ("case_type", "opened_on", "id", "organization", *STATE),
    "case_by_unit": ("organization", "opened_on", "id", "case_type", *STATE),
    "case_by_status": ("status", "opened_on", "id", "organization", "case_type", *STATE),
    "case_by_title": ("title", "opened_on", "id", "organization", "case_type", *STATE),
    "case_by_due": (
        "next_due",
        "opened_on",
        "id",
        "organization",
        "case_type",
        "closed_on",
        "broken",
        "findings_count",
    ),
    "case_by_findings": (
        "findings_count",
        "opened_on",
        "id",
        "organization",
        "case_type",
        "closed_on",
        "next_due",
        "broken",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0024_overstepped"),
    ]

    operations = [
        *(migrations.RemoveIndex(model_name="case", name=name) for name in INDEXES),
        *(
            migrations.AddIndex(model_name="case", index=models.Index(fields=fields, name=name))
            for name, fields in INDEXES.items()
        ),
    ]
