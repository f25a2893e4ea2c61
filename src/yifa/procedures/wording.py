"""How the engine puts things into Chinese: dates, citations, the names of acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from yifa.law.phrases import day
from yifa.law.schema import Basis, CaseType, FieldSpec
from yifa.procedures.model import Listing


def cite(basis: Basis | None) -> str:
    """《法》第X条 in brackets, or nothing."""
    if basis is None:
        return ""
    title = basis.law if basis.law.startswith("《") else f"《{basis.law}》"
    return f"（{title}{basis.article or ''}）"


def act_title(case_type: CaseType, act: str) -> str:
    """“合法性审核”: the act's title in quotation marks, or its id where the catalogue does not know it."""
    known = case_type.acts.get(act)
    return f"“{known.title if known else act}”"


def act_titles(case_type: CaseType, acts: Iterable[str]) -> str:
    """“A”或“B”."""
    return "或".join(act_title(case_type, act) for act in acts)


def listing(spec: FieldSpec, standing: Listing, on: date) -> str:
    """Why what a field names cannot be used on a day."""
    if standing is Listing.NOT_YET:
        return f"在{day(on)}还没有生效"
    if standing is Listing.ENDED:
        return f"在{day(on)}已经失效"
    if standing is Listing.ELSEWHERE:
        return f"在{day(on)}由其他单位行使"
    return "没有登记" if spec.register_ else "没有这一编号的事项"


def either(words: Iterable[str]) -> str:
    """“甲”或“乙”."""
    return "或".join(f"“{word}”" for word in words)


ROLES = {
    "coordinator": "法治办统筹人员",
    "officer": "承办人",
    "reviewer": "法制审核人员",
    "leader": "领导",
    "supervisor": "督察监督人员",
    "assessor": "考核人员",
    "publisher": "公开人员",
    "auditor": "审计人员",
}


def role(name: str) -> str:
    """The role in Chinese; a word that is no role id as it is."""
    return ROLES.get(name, name)
