"""Papers of cases as pages show them: where what is missing is entered, what a returned file says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from yifa.documents.actions import FillDocument
from yifa.documents.actions.returning import paper_title
from yifa.documents.correcting import value_of
from yifa.documents.filled import Missing
from yifa.documents.making import filled, standing
from yifa.documents.models import CaseDocument, DocumentVersion
from yifa.documents.values import Values
from yifa.law.documentfields import Ref, UnknownFieldError, act_fields, describe
from yifa.law.schema import FieldSpec, FieldType
from yifa.ledger.actions.cases import recorders
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, User
from yifa.ledger.people.desks import Desks
from yifa.procedures.asking import asked_with
from yifa.procedures.clockwork import LOCAL_NOTE
from yifa.procedures.model import Act
from yifa.workbench.rights.access import may_correct, may_do
from yifa.workbench.rights.offering import opens

OWN, DRAFT = "own_", "draft_"


@dataclass(frozen=True, slots=True)
class Place:
    """A blank, and where it is filled; `here` on the page of the paper itself. Without `url` others fill it."""

    missing: Missing
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """What a returned file says otherwise: `url` offers the correction, `settled` the ledger says so by now."""

    title: str
    was: str
    became: str
    kind: str  # fact | own | words
    url: str = ""
    settled: bool = False


def seen_document(user: User, document_id: Any) -> CaseDocument:
    """A paper of a case the user sees; anything else does not exist for them."""
    return get_object_or_404(
        CaseDocument.objects.filter(case__in=Case.objects.for_user(user)).select_related(
            "case__organization", "organization", "made_by"
        ),
        pk=document_id,
    )


def specs_of(values: Values) -> dict[str, FieldSpec]:
    """The fields of the page: what only papers say, and, until the act is recorded, what is intended of it."""
    found = {OWN + name: spec for name, spec in values.template.fields.items()}
    if values.position is None:
        act = values.around.act
        for name, spec in act_fields(act).items():
            if name != "unit":
                title = "拟定日期" if name == "on" else spec.title
                found[DRAFT + name] = spec.model_copy(update={"title": title, "required": False})
    return found


def given_of(values: Values) -> dict[str, Any]:
    """What these fields say now."""
    draft = values.draft
    fields = draft.get("fields") or {}
    found = {OWN + name: values.own(name) for name in values.template.fields}
    for name in act_fields(values.around.act):
        found[DRAFT + name] = draft.get(name) if name in {"on", "outcome", "by"} else fields.get(name)
    if values.position is None and not draft:
        found[DRAFT + "on"] = (
            timezone.localdate().isoformat()
        )  # papers are mostly dated the day they are written
    return found


def split(given: Mapping[str, Any], values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was sent, as answers and as a draft of the act."""
    own = {name: given.get(OWN + name) for name in values.template.fields}
    answers = {name: None if said == values.usual(name) else said for name, said in own.items()}
    sent = {name.removeprefix(DRAFT): value for name, value in given.items() if name.startswith(DRAFT)}
    draft: dict[str, Any] = {name: sent.pop(name) for name in ("on", "outcome", "by") if name in sent}
    if sent:
        draft["fields"] = sent
    return answers, draft


def places(missing: Iterable[Missing], values: Values, user: User) -> list[Place]:
    """Where each blank is filled, if the user may."""
    found = ((one, *_place(one, values, user)) for one in missing)
    return [Place(one, url if opens(user, url) else "", here) for one, url, here in found]


def _place(missing: Missing, values: Values, user: User) -> tuple[str, bool]:
    root, *rest = missing.key.split(".")
    case = values.facts.case
    if root == "own":
        return f"#id_f_{OWN}{rest[0]}", True
    if root == "fact":
        url = f"{reverse('change_facts', args=[case.pk])}#id_f_{rest[0]}"
        return url if may_correct(user, case) else "", False
    if root == "office":
        return f"{reverse('office_details', args=[case.organization.code])}#id_f_{rest[0]}", False
    if root == "act":
        return _place_of_act(rest, values, user)
    if root in {"clock", "length"} and missing.why == LOCAL_NOTE:
        return reverse("local_lengths"), False
    if root == "org":
        return reverse("people"), False
    return reverse("case", args=[case.pk]), False


def _place_of_act(rest: list[str], values: Values, user: User) -> tuple[str, bool]:
    case, act = values.facts.case, rest[0]
    if act == values.serves.act and values.position is None:
        return f"#id_f_{DRAFT}{rest[1] if len(rest) > 1 else 'on'}", True
    found, case_type = _recorded(values, act), values.facts.case_type
    records = may_do(user, Desks(case, case_type), act, recorders(case_type, act))
    if found is None:
        return reverse("record_act", args=[case.pk, act]) if records else "", False
    if not records and not may_correct(user, case):
        return "", False
    name = rest[1] if len(rest) > 1 else "on"
    return f"{reverse('correct_act', args=[case.pk, found.position])}#{_id(name)}", False


def _id(name: str) -> str:
    return f"id_{name}" if name in {"on", "outcome", "by"} else f"id_f_{name}"


def _recorded(values: Values, act: str) -> Act | None:
    if values.this is not None and act == values.serves.act and values.position is not None:
        return values.this
    return next((one for one in reversed(values.facts.state.acts) if one.act == act), None)


def changed(version: DocumentVersion, values: Values) -> list[Changed]:
    """What a returned file says otherwise, each fact of the ledger with the correction that may be made."""
    return [_changed(one, version, values) for one in version.differences]


def _changed(one: Mapping[str, Any], version: DocumentVersion, values: Values) -> Changed:
    key, _, chosen = str(one["key"]).partition("|")
    if not key:
        return Changed("文字", one["was"], one["became"], "words")
    ref = Ref(tuple(key.split(".")), chosen or None)
    try:
        spec = describe(ref, values.around)
    except UnknownFieldError:
        return Changed(key, one["was"], one["became"], "words")
    if ref.path[0] == "own":
        return Changed(spec.title, one["was"], one["became"], "own")
    said = values.say(ref)
    settled = said.missing is None and "".join(said.text.split()) == one["became"]
    return Changed(
        spec.title, one["was"], one["became"], "fact", _correction(ref, one, version, values), settled
    )


def _correction(ref: Ref, one: Mapping[str, Any], version: DocumentVersion, values: Values) -> str:
    """The page on which the ledger is corrected, begun with the new value and the reason."""
    root, *rest = ref.path
    case = values.facts.case
    reason = f"文书《{version.document.title}》第{version.order}版写明为“{one['became']}”"[:200]
    value = value_of(str(one["became"]), describe(Ref(ref.path), values.around))
    if value is None:
        value = ""
    words = "\n".join(value) if isinstance(value, list) else str(value)
    if root == "fact" and len(rest) == 1:
        return f"{reverse('change_facts', args=[case.pk])}?{urlencode({f'f_{rest[0]}': words, 'reason': reason})}"
    if root == "act":
        if rest[0] == values.serves.act and values.position is None:
            return f"#id_f_{DRAFT}{rest[1]}"
        found = _recorded(values, rest[0])
        if found is not None:
            name = rest[1] if rest[1] in {"on", "outcome", "by"} else f"f_{rest[1]}"
            query = urlencode({name: words, "reason": reason})
            return f"{reverse('correct_act', args=[case.pk, found.position])}?{query}"
    if root == "office":
        return reverse("office_details", args=[case.organization.code])
    return ""


@dataclass(frozen=True)
class Begun:
    """What the form of an act begins with when a paper was made for it."""

    document: CaseDocument
    initial: dict[str, Any]
    fields: dict[str, Any]
    evidence: list[dict[str, str | None]]
    blanks: tuple[str, ...] = ()  # what the form of the act does not fill either


def filled_with(
    user: User,
    paper: Begun,
    given: Mapping[str, Any],
    facts: Mapping[str, Any],
    evidence: list[dict[str, str | None]],
) -> list[dict[str, str | None]]:
    """The evidence of an act with its paper filled from what the form says, not from what was intended before.

    A signed paper, and one that was taken away or replaced on the form, stay as they are.
    """
    last = standing(list(paper.document.versions.all()))
    filed = [one for one in evidence if last is not None and one["attachment"] == last.attachment_id]
    if last is None or last.state != DocumentVersion.State.FILLED or not filed:
        return evidence
    draft = {
        "on": given["on"].isoformat(),
        "outcome": given["outcome"],
        "by": given["by"],
        "fields": given["fields"],
    }
    version = FillDocument(actor=user, document=paper.document, draft=draft, facts=facts).execute()
    return [{**one, "attachment": version.attachment_id} if one in filed else one for one in evidence]


def begun(user: User, case: Case, act: str, given: str) -> Begun | None:
    """The paper an act is recorded with, by the id in the address."""
    document = (
        CaseDocument.objects.filter(case=case, act=act, position=None, withdrawn=False, pk=given).first()
        if _is_uuid(given)
        else None
    )
    if document is None:
        return None
    version = standing(list(document.versions.all()))
    evidence: list[dict[str, str | None]] = (
        [{"title": paper_title(document), "attachment": version.attachment_id}] if version is not None else []
    )
    draft = document.draft
    initial = {name: draft[name] for name in ("on", "outcome", "by") if draft.get(name)}
    signed = version is not None and version.state == DocumentVersion.State.SIGNED
    asked = {f"fact.{name}" for name in asked_with(case_type_of(case.case_type), case.facts, act)}
    blanks = tuple(
        one.title
        for one in (() if signed else filled(document).missing)
        if one.key not in asked and not one.key.startswith(f"act.{act}.")
    )
    return Begun(document, initial, draft.get("fields") or {}, evidence, blanks)


def _is_uuid(given: str) -> bool:
    try:
        UUID(given)
    except ValueError:
        return False
    return True


def from_address(query: Mapping[str, str], specs: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """Values of fields given in the address, as a link that offers a correction gives them."""
    found: dict[str, Any] = {}
    for name, spec in specs.items():
        given = query.get(f"f_{name}")
        if given:
            found[name] = given.split("\n") if spec.type is FieldType.LIST else given
    return found
