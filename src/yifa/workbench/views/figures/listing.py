"""All figures of one kind with their values."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from yifa.law.loader import catalogue
from yifa.law.schema import CaseType, RegisterType
from yifa.workbench.figures.keyfigures import Counting, busiest, figure_url, kind_of
from yifa.workbench.figures.scope import scope_of
from yifa.workbench.lists.domains import by_domain
from yifa.workbench.lists.savedviews import opens_as_kept
from yifa.workbench.rights.access import SignedInRequest


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """Case types and registers that have counting rules, by domain."""
    law = catalogue()
    used = {kind_of(rule) for rule in law.counting_rules.values()}
    things: dict[str, CaseType | RegisterType] = {**law.case_types, **law.registers}
    groups = by_domain((name for name in things if name in used), lambda name: things[name].domain)
    return [(domain, [(name, things[name].title) for name in names]) for domain, names in groups]


@login_required
@opens_as_kept
def figures(request: SignedInRequest) -> HttpResponse:
    """All figures of one kind; before one is chosen the key figures of what the unit does most."""
    scope = scope_of(request, request.user)
    known = kinds()
    chosen = request.GET.get("kind", "")
    rules = catalogue().counting_rules.values()
    shown = [one for one in rules if kind_of(one) == chosen] if chosen else busiest(scope.unit)
    rows = []
    counting = Counting(many=True)
    if not scope.wrong:
        rows = [
            (
                rule,
                counting.get(rule.counting_rule, scope.unit, scope.start, scope.end),
                figure_url(rule.counting_rule, scope.unit, scope.start, scope.end),
            )
            for rule in shown
        ]
    titles = {name: title for _, names in known for name, title in names}
    context = {
        "title": "数字",
        "scope": scope,
        "kinds": known,
        "chosen": chosen,
        "kind_title": titles.get(chosen, "没有这一类") if chosen else "主要数字",
        "rows": rows,
    }
    return render(request, "workbench/figures/figures.html", context)
