"""From the questions of a template to the document: what a person answers is put where the template names it.

A template's text names its questions in 【】: 原告【姓名】请求判令被告支付工资【数额】元。
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from yifa.ledger.actions.acts import RecordAct
from yifa.ledger.actions.opening import OpenCase
from yifa.ledger.models import Entry
from yifa.ledger.refusal import ActionRefused
from yifa.ledger.search.queries import in_force

TEMPLATES = "document_templates"  # their register
BLANK = re.compile(r"【([^【】]+)】")


def questions(template: Entry) -> tuple[str, ...]:
    """What is asked, in the order of the template's list, then what only its text names."""
    listed = [str(question) for question in template.data.get("questions") or []]
    return tuple(dict.fromkeys([*listed, *BLANK.findall(_text(template))]))


def write(template: Entry, answers: Mapping[str, str]) -> str:
    """The document; refused while a question that its text needs has no answer."""
    text = _text(template)
    said = {question: str(answer).strip() for question, answer in answers.items()}
    missing = [question for question in dict.fromkeys(BLANK.findall(text)) if not said.get(question)]
    if missing:
        raise ActionRefused(
            f"《{template.title}》还不能生成：请先回答{'、'.join(missing)}。",
            code="invalid",
            field=missing[0],
        )
    return BLANK.sub(lambda blank: said[blank[1]], text)


def templates(on: date) -> list[Entry]:
    """The templates in use on a day whose text is there."""
    held = in_force(Entry.objects.filter(register=TEMPLATES), on).select_related("organization")
    return sorted((one for one in held if str(one.data.get("text") or "").strip()), key=lambda one: one.key)


@transaction.atomic
def count_use(template: Entry, on: date) -> None:
    """Records that a document was made from a template, and nothing of what was answered."""
    facts = {"subject": f"生成《{template.title}》", "channel": "网络平台", "template": template.key}
    case = OpenCase(
        actor=None, organization=template.organization, case_type="legal_service", act="make_document", on=on,
        facts=facts,
    ).execute()  # fmt: skip
    RecordAct(actor=None, case=case, act="close", on=on).execute()


def _text(template: Entry) -> str:
    text = str(template.data.get("text") or "")
    if not text.strip():
        raise ActionRefused(
            f"模板《{template.title}》没有内容：请在模板清单里补充正文，需要回答的地方写在【】里。",
            code="invalid",
        )
    return text
