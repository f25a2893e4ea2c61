"""What somebody outside may see and do with the receipt of his own case: how it stands, and rate the answer.

The receipt carries the case's number, which others may guess, and a code, which they cannot. Who has both sees the steps
its case type names (`receipt`) with their days and the nearest deadline of the body: no name, paper or text of the case.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.crypto import constant_time_compare, salted_hmac

from yifa.law.loader import catalogue
from yifa.law.schema import Receipt
from yifa.ledger.actions.acts import RecordAct
from yifa.ledger.deciding.cases import state_of
from yifa.ledger.models import Case
from yifa.ledger.refusal import ActionRefused
from yifa.procedures.known import known
from yifa.procedures.model import CaseState, ClockStatus

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs nobody takes for one another
LENGTH = 8
_OPENING, _CLOSING = re.compile(r"[\[(【〔［]"), re.compile(r"[\])】〕］]")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, as its title and its day."""

    title: str
    on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands. `due` is the nearest last day by which the body must act; None where nothing runs.

    `ratings`: what the party may say of it now; `rated` what he said.
    """

    number: str
    kind: str
    organization: str
    status: str
    opened: date
    steps: tuple[Step, ...]
    due: date | None
    ratings: tuple[str, ...] = ()
    rated: str = ""


def receipt_of(case: Case) -> Receipt | None:
    """What the receipt of a case opens; None where its type gives none or it has no number yet."""
    kind = catalogue().case_types.get(case.case_type)
    return kind.receipt if kind is not None and case.number else None


def code_of(case: Case) -> str:
    """The code on the receipt: made from the installation's secret key, so that it is stored nowhere."""
    digest = salted_hmac("yifa.ledger.receipts", str(case.pk), algorithm="sha256").digest()
    return "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:LENGTH])


def find_by_receipt(number: str, code: str) -> Case:
    """The case of a receipt. The same refusal whether number or code is wrong: numbers are not to be tried out."""
    typed = "".join(number.split())
    folded = _CLOSING.sub("〕", _OPENING.sub("〔", unicodedata.normalize("NFKC", typed)))
    given = unicodedata.normalize("NFKC", "".join(code.split())).upper()
    if typed:
        for case in Case.objects.filter(number__in={typed, folded}).select_related("organization"):
            if receipt_of(case) is not None and constant_time_compare(code_of(case), given):
                return case
    raise ActionRefused(
        "没有查到。请对照回执核对编号和查询码，两样都要一致；回执遗失的，请向受理单位补打。", code="missing"
    )


def standing(case: Case, on: date) -> Standing:
    """The case as its party sees it on a day."""
    kind, receipt = catalogue().case_types[case.case_type], receipt_of(case)
    assert receipt is not None  # noqa: S101 - found by its receipt
    state = state_of(case, on)
    acts = [act for act in state.acts if act.on <= on]
    rates = receipt.rates
    done = [act.outcome or "" for act in acts if act.act == rates]
    return Standing(
        number=case.number,
        kind=kind.title,
        organization=case.organization.name_on(on),
        status=state.status,
        opened=state.opened_on or on,
        steps=tuple(Step(kind.acts[act.act].title, act.on) for act in acts if act.act in receipt.shows),
        due=_due(state, case, receipt),
        ratings=tuple(kind.acts[rates].outcomes)
        if rates is not None and rates in state.next and not done
        else (),
        rated=done[-1] if done else "",
    )


def rate(case: Case, outcome: str, on: date, remark: str = "") -> None:
    """Records how the party rates the answer; refused where the law of the case does not allow it (yet)."""
    kind, receipt = catalogue().case_types[case.case_type], receipt_of(case)
    if receipt is None or receipt.rates is None:
        raise ActionRefused("这类事项没有评价环节。", code="invalid")
    fields, acts = kind.acts[receipt.rates].fields, state_of(case, on).acts
    said = {name: one.value for name, one in known(kind, case.facts, acts, receipt.rates).items()}
    said["receipt"] = case.number
    if receipt.remark is not None:
        said[receipt.remark] = remark
    RecordAct(
        actor=None,
        case=case,
        act=receipt.rates,
        on=on,
        outcome=outcome,
        fields={name: value for name, value in said.items() if name in fields and value},
    ).execute()


def _due(state: CaseState, case: Case, receipt: Receipt) -> date | None:
    """The nearest last day of a running clock that ends with something the party sees."""
    clocks = catalogue().case_types[case.case_type].clocks
    running = [
        clock.due
        for clock in state.clocks.values()
        if clock.state in {ClockStatus.RUNNING, ClockStatus.BROKEN}
        and clock.stopped is None
        and clock.due is not None
        and not clock.minimum
        and clocks[clock.id].party is None
        and not set(clocks[clock.id].stops).isdisjoint(receipt.shows)
    ]
    return min(running, default=None)
