"""What was recorded about a case or an entry after a moment: the answer to why a figure is no longer what it was."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yifa.law.loader import catalogue
from yifa.law.phrases import plain
from yifa.law.schema import FieldSpec
from yifa.ledger.chain.history import (
    ACT_CORRECTED,
    ACT_RECORDED,
    ACT_WITHDRAWN,
    CASE_OPENED,
    ENTRY_PUBLISHED,
    ENTRY_REVISED,
    ENTRY_WITHDRAWN,
    FACTS_CHANGED,
)
from yifa.ledger.figures.counting import CountedRecord
from yifa.ledger.models import Case, Entry, Record, Subject
from yifa.procedures.model import Entered

BATCH = 500  # below SQLite's limit on parameters
BACK = "补录"
WORDS = {
    CASE_OPENED: "登记",
    ACT_RECORDED: "办理",
    ACT_CORRECTED: "更正",
    ACT_WITHDRAWN: "撤回",
    FACTS_CHANGED: "修改事项情况",
    ENTRY_PUBLISHED: "登记",
    ENTRY_REVISED: "修订",
    ENTRY_WITHDRAWN: "撤下",
}
CHANGING = {WORDS[ACT_CORRECTED], WORDS[FACTS_CHANGED]}
REMOVED = "（删去）"
PARTS = {
    "act": "环节",
    "on": "日期",
    "outcome": "结果",
    "by": "经办",
    "unit": "单位",
    "role": "身份",
    "evidence": "材料",
}


@dataclass(frozen=True, slots=True)
class Later:
    """One record that came later.

    Attributes:
        word: What kind it is, e.g. 更正.
        about: The act's title; "" for an entry.
        said: What it says now: title and value of what was changed.
        who: The name of who recorded it; 系统 for an import or a command.
        digest: Of the record.
    """

    word: str
    about: str
    said: tuple[tuple[str, str], ...]
    reason: str
    happened_on: date | None
    recorded_at: datetime
    who: str
    digest: str
    act: int = 0  # the entry position of the act it is about; 0: the whole case or entry
    imported: bool = False

    @property
    def told(self) -> str:
        """What it says, in words: 结果改为部分公开，删去来源文书文号."""
        joint = "改为" if self.word in CHANGING else " "
        return "，".join(
            f"删去{title}" if value == REMOVED else f"{title}{joint}{value}" for title, value in self.said
        )


def later_records(
    records: Iterable[CountedRecord], after: datetime
) -> Mapping[tuple[UUID, int], tuple[Later, ...]]:
    """What was recorded after a moment about the things behind a figure, by id and position of the counted act.

    Of a case it is what concerns the counted act or the whole case; where nothing does, all that came later; where
    nothing came later, what was taken over from elsewhere (an import keeps its moment in the past).
    """
    wanted = list(records)
    chains = _chains({record.id for record in wanted}, {record.digest for record in wanted}, after)
    specs = _Specs(
        {record.id for record in wanted if record.kind == "case"}, [record.id for record in wanted]
    )
    return {
        (one.id, one.position): tuple(_about(one, chains.get(one.id, ()), after, specs)) for one in wanted
    }


def _chains(ids: set[UUID], digests: set[str], after: datetime) -> dict[UUID, list[Record]]:
    found: dict[UUID, list[Record]] = defaultdict(list)
    ordered, said = sorted(ids, key=str), sorted(digests)
    for first in range(0, len(ordered), BATCH):
        some = ordered[first : first + BATCH]
        rows = Record.objects.filter(
            Q(recorded_at__gte=after),
            subject__in=[Subject.CASE, Subject.ENTRY, Subject.ORGANIZATION],
            subject_id__in=some,
        )
        for record in rows.select_related("recorded_by").order_by("id"):
            found[record.subject_id].append(record)
    for first in range(0, len(said), BATCH):
        rows = Record.objects.filter(digest__in=said[first : first + BATCH], recorded_at__lt=after)
        for record in rows.select_related("recorded_by"):
            found[record.subject_id].append(record)
    return found


def _about(one: CountedRecord, chain: Iterable[Record], after: datetime, specs: _Specs) -> Iterator[Later]:
    read = [(record, json.loads(record.payload)) for record in chain]
    new = [(record, payload) for record, payload in read if record.recorded_at >= after]
    own = [(record, payload) for record, payload in new if _act_of(record, payload) in {0, one.position}]
    taken_over = [
        (record, payload)
        for record, payload in read
        if record.recorded_at < after and payload.get("imported")
    ]
    for record, payload in own or new or taken_over:
        yield _later(record, payload, specs)


def _act_of(record: Record, payload: Mapping[str, Any]) -> int:
    if record.kind in {ACT_CORRECTED, ACT_WITHDRAWN}:
        return int(payload.get("of", 0))
    return int(payload.get("entry", 0)) if record.kind == ACT_RECORDED else 0


def _later(record: Record, payload: Mapping[str, Any], specs: _Specs) -> Later:
    position = _act_of(record, payload)
    back = record.kind == ACT_RECORDED and payload.get("entered") == Entered.BACK
    who = record.recorded_by
    return Later(
        word=BACK if back else WORDS.get(record.kind, record.kind),
        about=specs.act(record.subject_id, position, payload),
        said=tuple(specs.said(record, payload)),
        reason=str(payload.get("reason") or ""),
        happened_on=record.happened_on,
        recorded_at=record.recorded_at,
        who=(who.display_name or who.get_username()) if who is not None else "系统",
        digest=record.digest,
        act=position,
        imported=bool(payload.get("imported")),
    )


class _Specs:
    """What the parts of records are called: by case type and register."""

    def __init__(self, cases: set[UUID], ids: Iterable[UUID]) -> None:
        known, wanted = catalogue(), sorted(set(ids), key=str)
        self.kinds: dict[UUID, str] = {}
        self.acts: dict[tuple[UUID, int], str] = {}
        for first in range(0, len(wanted), BATCH):
            some = wanted[first : first + BATCH]
            self.kinds |= dict(Case.objects.filter(pk__in=some).values_list("pk", "case_type"))
            self.kinds |= dict(Entry.objects.filter(pk__in=some).values_list("pk", "register"))
            entered = Record.objects.filter(subject=Subject.CASE, kind=ACT_RECORDED, subject_id__in=some)
            for id_, text in entered.values_list("subject_id", "payload"):
                payload = json.loads(text)
                self.acts[id_, payload["entry"]] = payload["act"]
        self.known = known

    def act(self, id_: UUID, position: int, payload: Mapping[str, Any]) -> str:
        """The title of the act a record is about."""
        name = str(payload.get("act") or self.acts.get((id_, position), ""))
        case_type = self.known.case_types.get(self.kinds.get(id_, ""))
        return case_type.acts[name].title if case_type and name in case_type.acts else name

    def said(self, record: Record, payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What a record changed, as people call it."""
        kind = self.kinds.get(record.subject_id, "")
        case_type = self.known.case_types.get(kind)
        if record.kind == ACT_CORRECTED:
            act = (
                case_type.acts.get(self.acts.get((record.subject_id, int(payload["of"])), ""))
                if case_type
                else None
            )
            for name, value in payload.get("changes", {}).items():
                if name == "fields":
                    yield from _titled(value, act.fields if act else {})
                elif name in PARTS:
                    yield PARTS[name], _plain(value)
        elif record.kind == FACTS_CHANGED:
            yield from _titled(payload.get("facts", {}), case_type.facts if case_type else {})
        elif record.kind == ACT_RECORDED and payload.get("outcome"):
            yield PARTS["outcome"], _plain(payload["outcome"])


def _titled(values: Mapping[str, Any], specs: Mapping[str, FieldSpec]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        yield (specs[name].title if name in specs else name), _plain(value)


def _plain(value: Any) -> str:
    return REMOVED if value is None else plain(value)
