"""The dictionary of counting rules (口径字典): every rule in plain words, its law, its query, its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yifa.law.dictionary import domain_of, history, kind_of, search, used_in
from yifa.law.loader import Catalogue, catalogue
from yifa.law.phrases import DOMAINS, cited, day
from yifa.law.rulewords import Lines, in_words, query_of
from yifa.law.schema import CountingRule, Definition
from yifa.workbench.lists.files import sheet_response
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.figures.listing import kinds
from yifa.workbench.views.figures.showing import rule_of

PAGE = 40
LABELS = ("数什么", "归入期间", "只计", "谁的", "怎样得数", "分项", "不计入")


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule as the dictionary shows it."""

    rule: CountingRule
    kind: str
    words: Lines
    law: str


@login_required
def dictionary(request: SignedInRequest) -> HttpResponseBase:
    """All rules, searched and filtered; `all` puts them on one page for print."""
    known = catalogue()
    words, domain, kind = (request.GET.get(key, "").strip() for key in ("q", "domain", "kind"))
    found = search(known, words, domain, kind)
    if request.GET.get("format") == "xlsx":
        return sheet_response("口径字典", _heads(), _rows(found, known))
    whole = bool(request.GET.get("all"))
    page = Paginator(found, max(1, len(found)) if whole else PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "口径字典",
        "page": page,
        "page_range": list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)),
        "rows": [_shown(rule, known) for rule in page],
        "words": words,
        "domain": domain,
        "kind": kind,
        "domains": [(str(key), title) for key, title in DOMAINS.items()],
        "kinds": kinds(),
        "filtered": bool(words or domain or kind),
        "whole": whole,
        "crumbs": [("数字", reverse("figures"))],
    }
    live = getattr(request, "htmx", False) and request.headers.get("HX-Target") == "list"
    template = "workbench/figures/dictionary_rows.html" if live else "workbench/figures/dictionary.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@login_required
def counting_rule(request: SignedInRequest, rule: str) -> HttpResponseBase:
    """One rule: in words, as data, its parts and rates, the wordings it answers, its versions."""
    found, known = rule_of(rule), catalogue()
    field = domain_of(found, known)
    parts = [found.rate.numerator, found.rate.denominator] if found.rate else []
    context = {
        "title": found.title,
        "rule": found,
        "kind": _kind_title(found, known),
        "domain": DOMAINS[field] if field else "",
        "words": in_words(found, known),
        "query": query_of(found, known),
        "source": known.source(rule).read_text(encoding="utf-8"),
        "versions": history(found, known),
        "parts": [(known.counting_rules[name], bool(known.counting_rules[name].earlier)) for name in parts],
        "rates": used_in(found, known),
        "crumbs": [("数字", reverse("figures")), ("口径字典", reverse("dictionary"))],
    }
    return render(request, "workbench/figures/rule.html", context)


def _shown(rule: CountingRule, known: Catalogue) -> Shown:
    words = tuple((label, text) for label, text in in_words(rule, known) if label in LABELS)
    return Shown(rule, _kind_title(rule, known), words, cited(rule.basis))


def _kind_title(rule: Definition, known: Catalogue) -> str:
    kind = known.case_types.get(kind_of(rule, known)) or known.registers.get(kind_of(rule, known))
    return kind.title if kind is not None else ""


def _heads() -> list[str]:
    return [
        "领域", "事项或清单", "口径", "编号", "版本", "计量单位", "说明", *LABELS, "依据", "回答的说法", "查询", "历史",
    ]  # fmt: skip


def _rows(rules: Iterable[CountingRule], known: Catalogue) -> Iterator[list[object]]:
    for rule in rules:
        words = dict(in_words(rule, known))
        domain = domain_of(rule, known)
        yield [
            DOMAINS[domain] if domain else "",
            _kind_title(rule, known),
            rule.title,
            rule.counting_rule,
            rule.version,
            rule.unit,
            rule.explain,
            *(words.get(label, "") for label in LABELS),
            cited(rule.basis),
            "；".join(rule.answers),
            "；".join(f"{key}：{value}" for key, value in query_of(rule, known)),
            "；".join(
                f"第{one.version}版至{day(one.valid_to)}：{one.changed}{one.why}" for one in rule.earlier
            ),
        ]
