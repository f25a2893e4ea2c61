"""A text's figures beside what the ledger counts, for those with an account."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yifa.law.loader import catalogue
from yifa.ledger.figures.comparing import RULE as DIFFERS
from yifa.ledger.figures.comparing import Comparison, Verdict, compare, ledger_findings
from yifa.ledger.models import Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.checkups.kept import Checked, CheckUp
from yifa.workbench.checkups.marking import RANK
from yifa.workbench.figures.keyfigures import figure_url
from yifa.workbench.rights.access import home_organization
from yifa.workbench.views.checks.access import find, for_checkers, gone
from yifa.workbench.views.checks.results import context_of

VERDICTS = {
    Verdict.AGREES: ("一致", "success"),
    Verdict.DIFFERS: ("不一致", "danger"),
    Verdict.NEIGHBOUR: ("口径相近", "secondary"),
    Verdict.UNCOUNTED: ("台账没有", "secondary"),
}


@for_checkers
@login_required
def check_ledger(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """Choose whose ledger, and see figure by figure; what differs joins the findings."""
    checkup = find(request, token)
    if checkup is None or not 1 <= number <= len(checkup.items) or checkup.items[number - 1].document is None:
        return gone(request)
    user = request.user
    assert isinstance(user, User)  # noqa: S101  # behind login_required
    units = list(Organization.objects.for_user(user))
    one = checkup.items[number - 1]
    if request.method == "POST":
        unit = next((unit for unit in units if unit.code == request.POST.get("unit")), None)
        if unit is not None:
            checkup.ledgers[number] = unit.code
            _add_findings(checkup, number, one, unit)
        return redirect("check_ledger", token, number)
    chosen = next((unit for unit in units if unit.code == checkup.ledgers.get(number)), None)
    comparison, wrong = _compared(one, chosen) if chosen else (None, "")
    context = context_of(request, checkup, checkup.items[number - 1], number, "ledger") | {
        "units": units,
        "chosen": chosen or _guess(one, units, home_organization(user)),
        "comparison": comparison,
        "wrong": wrong,
        "rows": _rows(comparison) if comparison else [],
        "differing": len(comparison.differing) if comparison else 0,
    }
    return render(request, "workbench/check/ledger.html", context)


def _compared(one: Checked, unit: Organization) -> tuple[Comparison | None, str]:
    assert one.document is not None  # noqa: S101  # the caller looked
    try:
        return compare(one.document, unit), ""
    except ActionRefused as error:
        return None, error.message


def _add_findings(checkup: CheckUp, number: int, one: Checked, unit: Organization) -> None:
    comparison, _ = _compared(one, unit)
    own = [finding for finding in one.findings if finding.rule != DIFFERS]
    added = ledger_findings(comparison) if comparison else ()
    findings = sorted((*own, *added), key=lambda finding: (RANK[finding.severity], finding.spans[:1]))
    checkup.items[number - 1] = replace(one, findings=tuple(findings))


def _guess(one: Checked, units: list[Organization], home: Organization | None) -> Organization | None:
    """The unit the text names as its issuer, else the user's own."""
    issuer = one.document.issuer if one.document else None
    return next((unit for unit in units if issuer and unit.name == issuer), home)


def _rows(comparison: Comparison) -> list[dict[str, object]]:
    rules = catalogue().counting_rules
    return [
        {
            "line": line,
            "rule": line.rule.title,
            "url": figure_url(line.counted.rule, line.organization, comparison.start, comparison.end)
            if line.counted.rule in rules  # cases past a deadline are counted by no rule of the catalogue
            else "",
            "word": VERDICTS[line.verdict][0],
            "css": VERDICTS[line.verdict][1],
            "value": int(line.figure.value)
            if line.figure.value == int(line.figure.value)
            else line.figure.value,
        }
        for line in comparison.lines
    ]
