"""Papers as they stand: filled from the ledger now, and which templates a case may want."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yifa.documents.filled import FilledPaper
from yifa.documents.filling import fill
from yifa.documents.models import CaseDocument, DocumentVersion
from yifa.documents.shelf import serves_of, shelf
from yifa.documents.values import Facts, Values
from yifa.law.schema import DocumentType, Serves
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.model import Act


@dataclass(frozen=True, slots=True)
class Offer:
    """A template that fits the case: for an act that has happened (`act`), or that may happen now.

    `made` is the paper that was already made from it for this act.
    """

    template: DocumentType
    serves: Serves
    act: Act | None
    now: bool
    made: CaseDocument | None = None


def made_before(
    documents: Iterable[CaseDocument], template: str, act: str, position: int | None
) -> CaseDocument | None:
    """The latest of the `documents` that stands and was made from the template for this act."""
    found = [
        one
        for one in documents
        if (one.template, one.act, one.position, one.withdrawn) == (template, act, position, False)
    ]
    return max(found, key=lambda one: one.made_at, default=None)


def template_of(document: CaseDocument) -> tuple[DocumentType, Serves]:
    """The template of a paper and the act it serves. Raises ActionRefused where it is no longer there."""
    template = shelf().templates.get(document.template)
    serves = serves_of(template, document.case, document.act) if template is not None else None
    if template is None or serves is None:
        raise ActionRefused(
            f"“{document.title}”所用的模板“{document.template}”已经不在。已定稿的版本仍可下载；要重新填写，请恢复模板文件。",
            code="template",
        )
    return template, serves


def values_of(document: CaseDocument, facts: Facts | None = None) -> Values:
    """The fields of a paper."""
    template, serves = template_of(document)
    return Values(facts or Facts(document.case), template, serves, document)


def filled(document: CaseDocument, facts: Facts | None = None) -> FilledPaper:
    """The paper as the ledger would fill it now."""
    return fill(values_of(document, facts))


def offers(facts: Facts, documents: Iterable[CaseDocument] = ()) -> list[Offer]:
    """The templates that fit: first of acts that may happen now, then of acts done, the latest first, then the others.

    `documents` are the papers made before: an offer names its own.
    """
    state = facts.state
    latest = {act.act: act for act in state.acts}
    coming = {name: rank for rank, name in enumerate(state.next)}
    before = list(documents)

    def offer(template: DocumentType, serves: Serves) -> Offer:
        act = latest.get(serves.act)
        position = act.position if act is not None else None
        made = made_before(before, template.document, serves.act, position)
        return Offer(template, serves, act, now=serves.act in coming and act is None, made=made)

    found = [offer(template, serves) for template, serves in shelf().for_case(facts.case)]

    def rank(offer: Offer) -> tuple[int, int, str]:
        if offer.act is not None:
            return 1, -offer.act.position, offer.template.title
        return (
            (0, coming[offer.serves.act], offer.template.title) if offer.now else (2, 0, offer.template.title)
        )

    return sorted(found, key=rank)


def standing(versions: Sequence[DocumentVersion]) -> DocumentVersion | None:
    """The version that counts: the signed one, else the last that was filled."""
    signed = [one for one in versions if one.state == DocumentVersion.State.SIGNED]
    made = [one for one in versions if one.state == DocumentVersion.State.FILLED]
    return signed[-1] if signed else made[-1] if made else None
