"""The glossary: the workbench's own words (`terms.yaml`) and what the catalogue calls things, with law and page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from yifa.law.datafiles import beside
from yifa.law.loader import Catalogue, catalogue
from yifa.law.schema import Basis

MOST = 300


@dataclass(frozen=True, slots=True)
class Term:
    """One entry. `seldom`: shown only where somebody looks for it."""

    term: str
    group: str
    means: str
    basis: Basis | None = None
    url: str = ""
    seldom: bool = False


@cache
def _own() -> tuple[Term, ...]:
    return tuple(
        Term(row["term"], row["group"], row["means"], url=reverse(row["page"]) if row.get("page") else "")
        for row in beside(__file__, "terms.yaml")
    )


def _of_catalogue(known: Catalogue) -> Iterator[Term]:
    for kind in known.case_types.values():
        url = f"{reverse('cases')}?type={kind.case_type}"
        yield Term(kind.title, "事项类型", kind.summary, kind.basis[0], url)
    for register in known.registers.values():
        basis = register.basis[0] if register.basis else None
        url = reverse("register", args=[register.register_])
        yield Term(register.title, "清单名录", register.summary, basis, url)
    for kind in known.case_types.values():
        for act in kind.acts.values():
            means = act.help or f"“{kind.title}”的一个环节。"
            yield Term(act.title, f"环节（{kind.title}）", means, act.basis, seldom=True)
        for clock in kind.clocks.values():
            lengths = clock.at_most or clock.at_least
            said = lengths[-1] if lengths else None
            yield Term(clock.title, f"时限（{kind.title}）", "一项时限。", said, seldom=True)
    for rule in known.counting_rules.values():
        url = reverse("counting_rule", args=[rule.counting_rule])
        yield Term(rule.title, "口径", "口径字典里的一个口径。", url=url, seldom=True)


@cache
def _of(digest: str) -> tuple[Term, ...]:
    del digest  # what is kept holds for one state of the catalogue
    return (*_own(), *_of_catalogue(catalogue()))


def terms(words: str = "") -> tuple[list[tuple[str, list[Term]]], bool]:
    """The entries in which every word stands, by group; and whether there are more than are shown."""
    wanted = words.split()
    found = [
        one
        for one in _of(catalogue().digest)
        if (wanted or not one.seldom) and all(word in one.term or word in one.means for word in wanted)
    ]
    found.sort(key=lambda one: not all(word in one.term for word in wanted))
    groups: dict[str, list[Term]] = {}
    for one in found[:MOST]:
        groups.setdefault(one.group, []).append(one)
    return list(groups.items()), len(found) > MOST
