"""The words by which a case is found: its title and number, who acted, papers and files; marks of its unit and kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from yifa.ledger.legal import case_type_of
from yifa.ledger.search.searching import kind_mark, unit_mark

Done = tuple[str, str, Sequence[Mapping[str, Any]]]  # an act, who did it, its papers


def words_of(case: Mapping[str, Any], acts: Iterable[Done]) -> str:
    """By what a case is found, of its row and its acts."""
    done = list(acts)
    actors = dict.fromkeys(actor for _, actor, _ in done)
    papers = dict.fromkeys(word for act, _, papers in done for word in _named(case["case_type"], act, papers))
    marks = unit_mark(case["organization_id"]) + kind_mark(case["case_type"])
    return "\n".join(filter(None, [case["title"], case["number"], *actors, *papers, marks]))


def _named(case_type: str, act: str, papers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The names people gave to papers and files: what the law calls a paper, every case of the kind has."""
    if not papers:
        return
    known = case_type_of(case_type).acts.get(act)
    wanted = known.evidence if known is not None else ()
    for paper in papers:
        title, name = str(paper["title"]), str(paper.get("name") or "")
        if title not in wanted:
            yield title
        if name:
            yield name
