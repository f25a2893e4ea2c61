"""The manual's page on the fields of work: what is entered in each, what comes out, which limits of time hold.

Pure text in Chinese from the catalogue and `domains.yaml`; `tools/docs.py` writes it to docs/zh.
"""

from __future__ import annotations

from collections.abc import Iterator

from yifa.law.datafiles import beside
from yifa.law.loader import Catalogue, catalogue
from yifa.law.phrases import DOMAINS, UNITS, cited
from yifa.law.schema import CaseType, ClockType, Domain
from yifa.law.tables import page, table

GENERATED = "本页由目录文件生成，请改目录，不要改本页。"
NAMED = 4  # fields and figures named as examples


def domains_page() -> str:
    """The page."""
    known, says = catalogue(), beside(__file__, "domains.yaml")
    parts = ["# 十四个领域", GENERATED, "环节的日期、结果和材料每类事项都要录，下面只列另外要填的主要内容。"]
    for domain, title in DOMAINS.items():
        parts += [f"## {title}", says[domain.value], *_of_domain(domain, known)]
    return page(parts)


def _of_domain(domain: Domain, known: Catalogue) -> Iterator[str]:
    kinds = [one for one in known.case_types.values() if one.domain is domain]
    registers = [one for one in known.registers.values() if one.domain is domain]
    if kinds:
        rows = [(one.title, _entered(one), _comes_out(one, known)) for one in kinds]
        yield table(("事项", "主要填什么", "出什么"), rows)
    if registers:
        yield f"清单：{'、'.join(one.title for one in registers)}。"
    gaps = [one.title for one in known.gaps.values() if one.domain is domain]
    if gaps:
        yield f"自动比出的缺口：{'、'.join(gaps)}。"
    clocks = [(kind.title, clock.title, _length(clock)) for kind in kinds for clock in kind.clocks.values()]
    if clocks:
        yield table(("事项", "时限", "多长，依据什么"), clocks)


def _entered(kind: CaseType) -> str:
    titles = [spec.title for spec in kind.facts.values()]
    more = f"等 {len(titles)} 项" if len(titles) > NAMED else ""
    return "、".join(titles[:NAMED]) + more


def _comes_out(kind: CaseType, known: Catalogue) -> str:
    rules = [one for one in known.counting_rules.values() if one.case_type == kind.case_type]
    papers = [
        one for one in known.documents.values() if any(s.case_type == kind.case_type for s in one.serves)
    ]
    said = []
    if rules:
        said.append(f"数字 {len(rules)} 个，如“{rules[0].title}”")
    if papers:
        said.append(f"文书 {len(papers)} 种，如“{papers[0].title}”")
    return "；".join(said) or "案卷"


def _length(clock: ClockType) -> str:
    lengths = clock.at_most or clock.at_least
    if not lengths:
        return "按事项中约定的日期"
    last = lengths[-1]
    word = "最长" if clock.at_most else "至少"
    length = "由本地规定" if last.length is None else f"{word} {last.length} {UNITS[last.unit]}"
    return "，".join(one for one in (length, cited(last)) if one)
