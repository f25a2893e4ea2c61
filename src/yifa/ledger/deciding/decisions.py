"""What may be recorded, decided from values alone. The actions and the demonstration share these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from yifa.law.errors import YifaError
from yifa.law.phrases import day
from yifa.law.schema import ActType, CaseType, FieldSpec
from yifa.ledger.chain.history import CaseHistory, Evidence
from yifa.ledger.refusal import ActionRefused
from yifa.procedures import engine
from yifa.procedures.entries import effective
from yifa.procedures.model import Act, Context, Correction, Entered, Entry, Fired, Listing
from yifa.procedures.values import fact_faults, value_faults
from yifa.procedures.wording import cite

NO_LIMITS = {"required": False, "minimum": None, "maximum": None, "min_items": None}


@dataclass(frozen=True, kw_only=True)
class NewAct:
    """An act about to be recorded. `unit` is an organization's code."""

    act: str
    on: date
    outcome: str | None = None
    by: str | None = None
    unit: str | None = None
    role: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=list)
    entered: Entered = Entered.LIVE
    listed: Mapping[str, Listing] = field(default_factory=dict)
    fired: Mapping[str, Sequence[Fired]] = field(default_factory=dict)

    def for_engine(self, position: int) -> Act:
        """The engine's act."""
        return Act(
            act=self.act,
            on=self.on,
            outcome=self.outcome,
            by=self.by,
            unit=self.unit,
            role=self.role,
            evidence=tuple(str(paper["title"]) for paper in self.evidence),
            fields=self.fields,
            entered=self.entered,
            position=position,
            listed=self.listed,
            fired={register: tuple(rows) for register, rows in self.fired.items()},
        )

    def payload(self, entry: int, number: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the record of the act says."""
        said: dict[str, Any] = {
            "entry": entry,
            "act": self.act,
            "outcome": self.outcome,
            "by": self.by,
            "unit": self.unit,
            "role": self.role,
            "fields": dict(self.fields),
            "evidence": list(self.evidence),
            "entered": str(self.entered),
        }
        if self.listed:
            said["listed"] = {name: str(standing) for name, standing in self.listed.items()}
        if self.fired:
            said["fired"] = fired_said(self.fired)
        return said | {"number": dict(number)} if number else said


def fired_said(fired: Mapping[str, Sequence[Fired]]) -> dict[str, Any]:
    """The rows that fired, as a record keeps them."""
    return {register: [row.as_json() for row in rows] for register, rows in fired.items()}


def refuse_facts(case_type: CaseType, facts: Mapping[str, Any], *, complete: bool = True) -> None:
    """Refuses facts that are missing, of a wrong type or outside the law's limits."""
    _refuse_values(fact_faults(case_type, facts, complete=complete), case_type.title)


def refuse_values(specs: Mapping[str, FieldSpec], values: Mapping[str, Any], what: str) -> None:
    """Refuses values that do not fit their fields; used for register entries."""
    _refuse_values(tuple(value_faults(specs, values)), what)


def _refuse_values(faults: Sequence[tuple[str, str, Any]], what: str) -> None:
    if faults:
        reasons = "；".join(reason for _, reason, _ in faults)
        raise ActionRefused(
            f"{what}没有保存：{reasons}。", code="invalid", basis=faults[0][2], field=faults[0][0]
        )


def refuse_act(
    case_type: CaseType,
    facts: Mapping[str, Any],
    entries: Sequence[Entry],
    new: NewAct,
    context: Context,
) -> None:
    """Refuses an act that cannot be stored, or, entered live, that the law forbids now. `context.on` is today."""
    act_type = case_type.acts.get(new.act)
    if act_type is None:
        known = "、".join(act.title for act in case_type.acts.values())
        raise ActionRefused(
            f"“{case_type.title}”没有「{new.act}」这个环节。可选：{known}。", code="invalid", field="act"
        )
    if new.on > context.on:
        raise ActionRefused(
            f"“{act_type.title}”的日期{day(new.on)}晚于今天（{day(context.on)}）：还没有发生的事不能记入台账。",
            code="invalid",
            field="on",
        )
    if new.outcome is not None and new.outcome not in act_type.outcomes:
        raise ActionRefused(
            _outcome_fault(act_type.title, new.outcome, act_type.outcomes), code="invalid", field="outcome"
        )
    if new.fields:
        _refuse_values(tuple(value_faults(_without_limits(act_type), new.fields)), f"“{act_type.title}”")
    if new.entered is Entered.LIVE:
        refused = engine.refusals(case_type, facts, entries, new.for_engine(len(entries) + 1), context)
        if refused:
            reasons = "；".join(refusal.reason.rstrip("。") for refusal in refused)
            basis = next((refusal.basis for refusal in refused if refusal.basis), None)
            mend = _apart_mend(case_type, new.act) if any(one.kind == "actor" for one in refused) else ""
            raise ActionRefused(
                f"“{act_type.title}”现在不能办：{reasons}。{mend}", code="refused", basis=basis
            )


def _apart_mend(case_type: CaseType, act: str) -> str:
    """What to change where one hand did what two must do; empty for an act that anybody may do."""
    fields = {"person": "别人办理的，请改填“经办人”", "unit": "别的单位办理的，请改填“经办单位”"}
    said = dict.fromkeys(fields[one.what] for one in case_type.apart if act in one.acts)
    return f"实际由{'；由'.join(said)}。" if said else ""


_unlimited: dict[int, tuple[ActType, dict[str, FieldSpec]]] = {}


def _without_limits(act_type: ActType) -> dict[str, FieldSpec]:
    """The fields as what may be stored; remembered by identity, as catalogue objects live long."""
    known = _unlimited.get(id(act_type))
    if known is None or known[0] is not act_type:
        if len(_unlimited) > 1000:
            _unlimited.clear()
        fields = {name: spec.model_copy(update=NO_LIMITS) for name, spec in act_type.fields.items()}
        known = _unlimited[id(act_type)] = (act_type, fields)
    return known[1]


def _outcome_fault(title: str, outcome: str, outcomes: Sequence[str]) -> str:
    if not outcomes:
        return f"“{title}”这个环节没有结果可填，请把“{outcome}”删去。"
    return f"“{title}”没有“{outcome}”这个结果，可选：{'、'.join(outcomes)}。"


def correct(history: CaseHistory, correction: Correction, case_type: CaseType, context: Context) -> None:
    """Refuses a correction that points at nothing, changes nothing or makes an act that cannot be stored."""
    if not correction.reason.strip():
        raise ActionRefused("请写明更正的理由；理由随更正一并留痕。", code="invalid", field="reason")
    standing = history.act_at(correction.of)
    try:
        acts = effective((*history.entries, correction))
    except YifaError as error:
        raise ActionRefused(error.message, code="missing") from error
    if correction.withdraws:
        return
    mended = next(act for act in acts if act.position == correction.of)
    if (
        standing is not None
        and mended == replace(standing, corrected=True)
        and not _evidence_differs(history, correction)
    ):
        raise ActionRefused("更正前后内容相同，没有要改的地方。", code="invalid")
    refuse_act(
        case_type,
        history.facts,
        history.entries,
        NewAct(
            act=mended.act,
            on=mended.on,
            outcome=mended.outcome,
            fields=mended.fields,
            entered=Entered.BACK,  # what the law says of the mended act stands as a finding
        ),
        context,
    )


def _evidence_differs(history: CaseHistory, correction: Correction) -> bool:
    given = correction.changes.get("evidence")
    return given is not None and given != history.evidence.get(correction.of)


def refusal_text(refusal: Any) -> str:
    """Why an act may not happen, with its article where the reason does not already name it."""
    cited = cite(refusal.basis)
    return refusal.reason if cited and cited in refusal.reason else f"{refusal.reason}{cited}"
