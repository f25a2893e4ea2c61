"""The invented county's plans and its report in the making, through the actions of those rooms."""

from __future__ import annotations

from datetime import date

from yifa.demo.shapes import plan_text
from yifa.ledger.models import Organization
from yifa.planning.actions import ImportPlan, IssuePlan, SetDue
from yifa.reading import read_text
from yifa.reporting.actions import BuildReport


def create(body: Organization, today: date) -> None:
    """The plans of last year and this year, issued; the report of the year that runs, begun."""
    for year in (today.year - 1, today.year):
        document = read_text(plan_text(year), f"澜亭县{year}年法治政府建设工作要点.txt")
        plan = ImportPlan(actor=None, organization=body, year=year, document=document).execute()
        SetDue(actor=None, plan=plan, due=date(year, 12, 31), only_missing=True).execute()
        issued = min(date(year, 1, 16), today)
        IssuePlan(actor=None, plan=plan, on=issued, document_number=f"澜政办〔{year}〕3号").execute()
    BuildReport(actor=None, organization=body, year=(today.replace(day=1)).year).execute()
