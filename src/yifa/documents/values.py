"""What the fields of a paper say for one case: from facts, acts, clocks, registers, the organization, earlier answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from yifa.documents import wording
from yifa.documents.delivered import papers_of
from yifa.documents.filled import Missing
from yifa.documents.models import CaseAnswer, CaseDocument
from yifa.documents.office import office_of
from yifa.law.documentfields import Around, Ref, around_of, describe, resolved
from yifa.law.loader import catalogue
from yifa.law.phrases import day as in_chinese
from yifa.law.schema import CaseType, Condition, DocumentType, FieldSpec, FieldType, Serves
from yifa.ledger.deciding.cases import context_of, history_of
from yifa.ledger.deciding.lists import data_on
from yifa.ledger.legal import case_type_of
from yifa.ledger.models import Case, Entry, Organization
from yifa.procedures import engine
from yifa.procedures.clockwork import LOCAL_NOTE
from yifa.procedures.compiling import as_date, procedure
from yifa.procedures.conditions import compile_condition
from yifa.procedures.model import Act, CaseState, Context

LAST = 10**6  # the position of an act that is only intended


@dataclass(frozen=True, slots=True)
class Said:
    """What a field says: for the paper, and as it is stored; or why it says nothing."""

    text: str = ""
    value: Any = None
    missing: Missing | None = None


class Facts:
    """One case on one day, asked once and shared by all papers filled from it; `said`: facts about to be recorded."""

    def __init__(self, case: Case, on: date | None = None, said: Mapping[str, Any] | None = None) -> None:
        self.case, self.on = case, on or timezone.localdate()
        self.case_type: CaseType = case_type_of(case.case_type)
        history = history_of(case)
        self.history = replace(history, facts={**history.facts, **said}) if said else history
        self.context: Context = context_of(case, self.on)

    @cached_property
    def state(self) -> CaseState:
        """Where the case stands."""
        return engine.state(self.case_type, self.history.facts, self.history.entries, self.context)

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What its papers say and nothing else does."""
        return dict(CaseAnswer.objects.filter(case=self.case).values_list("name", "value"))

    @cached_property
    def above(self) -> list[Organization]:
        """The organization and those above it, the nearest first."""
        codes = self.case.organization.ancestor_codes()
        return sorted(
            Organization.objects.filter(code__in=codes).prefetch_related("names"),
            key=lambda one: -len(one.path),
        )

    @cached_property
    def office(self) -> dict[str, Any]:
        """What papers say of the organization, from itself or from above."""
        return office_of(self.above)

    @cached_property
    def entries(self) -> dict[tuple[str, str], Entry | None]:
        """Entries of registers asked so far."""
        return {}

    def entry(self, register: str, key: str) -> Entry | None:
        """The entry of a register with this key, those of the own body first."""
        place = (register, key)
        if place not in self.entries:
            own = {one.pk: rank for rank, one in enumerate(self.above)}
            rows = Entry.objects.filter(register=register, key=key, withdrawn=False)
            self.entries[place] = min(
                rows, key=lambda row: own.get(row.organization_id, len(own)), default=None
            )
        return self.entries[place]


class Values:
    """The fields of one template for one act of a case."""

    def __init__(
        self, facts: Facts, template: DocumentType, serves: Serves, document: CaseDocument | None = None
    ) -> None:
        self.facts, self.template, self.serves, self.document = facts, template, serves, document
        known = catalogue()
        self.around: Around = around_of(template, serves, known.case_types, known.registers)
        self.draft: Mapping[str, Any] = document.draft if document is not None else {}
        self.position = document.position if document is not None else None

    @cached_property
    def this(self) -> Act | None:
        """The act of the paper: as recorded, else as intended; None while its day is not known."""
        if self.position is not None:
            return next((act for act in self.facts.state.acts if act.position == self.position), None)
        on = as_date(self.draft.get("on"))
        if on is None:
            return None
        return Act(
            act=self.serves.act,
            on=on,
            outcome=self.draft.get("outcome") or None,
            by=self.draft.get("by") or None,
            unit=self.facts.case.organization.code,
            fields=self.draft.get("fields") or {},
            position=LAST,
        )

    @cached_property
    def acts(self) -> tuple[Act, ...]:
        """What happened, with the act of the paper in its place; other occurrences of that act do not count."""
        others = [act for act in self.facts.state.acts if act.act != self.serves.act]
        mine = [self.this] if self.this is not None else []
        return tuple(sorted([*others, *mine], key=lambda act: (act.on, act.position)))

    @cached_property
    def clocks(self) -> Mapping[str, Any]:
        """The clocks, the intended act counted in."""
        state, this = self.facts.state, self.this
        if this is None or this.position != LAST:
            return state.clocks
        entries = [*self.facts.history.entries, replace(this, position=0)]
        on = max(self.facts.on, this.on)
        return engine.clocks(
            self.facts.case_type, self.facts.history.facts, entries, replace(self.facts.context, on=on)
        )

    def holds(self, condition: Condition | None) -> bool:
        """Whether a part is printed."""
        if condition is None:
            return True
        facts = self.facts
        proc = procedure(facts.case_type, facts.context.jurisdiction)
        edition = proc.edition(proc.governed_on(self.acts, facts.history.facts, facts.on))
        history = edition.history(self.acts, facts.history.facts, facts.context.level)
        if self.this is None and self.draft:
            history.happened.setdefault(self.serves.act, []).append(self._undated())
        return compile_condition(condition, facts.case_type.facts)(history)

    def _undated(self) -> Act:
        return Act(
            act=self.serves.act,
            on=self.facts.on,
            outcome=self.draft.get("outcome") or None,
            fields=self.draft.get("fields") or {},
            position=LAST,
        )

    def say(self, ref: Ref, row: Mapping[str, Any] | None = None) -> Said:
        """What a field says. `row` holds the values of `{each.…}`."""
        around = self.around if row is None else replace(self.around, row=row["specs"])
        spec = describe(ref, around)
        path = resolved(ref.path, around)
        key = ".".join(path)
        if path[0] == "each" and row is not None:
            value, why = row["values"].get(path[1]), ""
            if path[1].startswith("part"):
                value = row["parts"].get(path[1], "")
                return Said(str(value), value)
        else:
            value, why = self._value(path)
        if value is None or value in ("", []):
            return Said(missing=Missing(key, spec.title, why))
        return Said(self._text(value, spec, ref.filter), value)

    def _value(self, path: Sequence[str]) -> tuple[Any, str]:
        """The stored value of a resolved path, and why there is none where that can be said."""
        root, rest = path[0], path[1:]
        if root == "fact":
            return self._entered(self.facts.history.facts.get(rest[0]), rest, self.facts.case_type.facts), ""
        if root == "own":
            return self.own(rest[0]), ""
        if root == "office":
            return self.facts.office.get(rest[0]), ""
        if root == "act":
            return self._of_act(rest)
        if root == "clock":
            return self._of_clock(rest)
        if root == "length":
            return self._length(rest)
        return self._plain(root, rest[0]), ""

    def own(self, name: str) -> Any:
        """What only papers say: as answered, else the papers of the act that the field names by itself."""
        said = self.facts.answers.get(name)
        return self.usual(name) if said is None else said

    def usual(self, name: str) -> list[str] | None:
        """The papers of an act that a field names where nobody says otherwise; None where it names none."""
        wanted = self.serves.papers.get(name)
        last = next((act for act in reversed(self.facts.state.acts) if act.act == wanted), None)
        return papers_of(self.facts.case, self.facts.history, last) or None

    def _plain(self, root: str, name: str) -> Any:
        case, organization = self.facts.case, self.facts.above[0]
        document = self.document
        on = self.this.on if self.this is not None else self.facts.on
        return {
            "org.name": organization.name_on(on),
            "org.parent": self.facts.above[1].name_on(on) if len(self.facts.above) > 1 else None,
            "org.code": organization.document_code
            or next((one.document_code for one in self.facts.above if one.document_code), None),
            "case.title": case.title,
            "case.number": case.number,
            "case.type": self.facts.case_type.title,
            "case.opened": self.facts.state.opened_on,
            "doc.title": self.template.title,
            "doc.number": None,
            "year": document.year if document is not None else self.facts.on.year,
            "serial": document.serial if document is not None else None,
        }.get(f"{root}.{name}" if name else root)

    def _of_act(self, rest: Sequence[str]) -> tuple[Any, str]:
        act_id, name = rest[0], rest[1]
        act = next((one for one in reversed(self.acts) if one.act == act_id), None)
        if act is None and act_id == self.serves.act and self.draft:
            fields: Mapping[str, Any] = self.draft.get("fields") or {}
            value = self.draft.get(name) if name in {"on", "outcome", "by"} else fields.get(name)
            return self._entered(value, rest[1:], self.facts.case_type.acts[act_id].fields), ""
        if act is None:
            title = self.facts.case_type.acts[act_id].title
            return None, f"“{title}”还没有记入台账"
        if name == "unit":
            return self._unit(act), ""
        value = getattr(act, name) if name in {"on", "outcome", "by"} else act.fields.get(name)
        return self._entered(value, rest[1:], self.facts.case_type.acts[act_id].fields), ""

    def _unit(self, act: Act) -> str | None:
        known = {one.code: one for one in self.facts.above}
        found = known.get(act.unit or "") or Organization.objects.filter(code=act.unit).first()
        return found.name_on(act.on) if found is not None else None

    def _entered(self, value: Any, rest: Sequence[str], specs: Mapping[str, FieldSpec]) -> Any:
        """The value itself, or what the entry it names says in a further field."""
        spec = specs.get(rest[0])
        if len(rest) == 1 or spec is None or not spec.register_ or not value:
            return value
        entry = self.facts.entry(spec.register_, str(value))
        return data_on(entry, self.facts.on).get(rest[1]) if entry is not None else None

    def _of_clock(self, rest: Sequence[str]) -> tuple[Any, str]:
        clock = self.clocks.get(rest[0])
        if rest[1] == "length":
            if clock is not None and any(char.isdigit() for char in clock.length_text):
                return clock.length_text, ""
            return self._length((self.facts.case_type.case_type, rest[0]))
        if clock is None:
            return None, "这一时限还没有起算，或者不适用于本案"
        value = clock.due if rest[1] == "due" else clock.started
        return value, "" if value else clock.note or "这一时限还没有起算"

    def _length(self, rest: Sequence[str]) -> tuple[Any, str]:
        """The length a clock has by the law in force for this case, or for one of another type on the day of the act."""
        case_type = catalogue().case_types[rest[0]]
        proc = procedure(case_type, self.facts.context.jurisdiction)
        on = self.this.on if self.this is not None else self.facts.on
        if case_type.case_type == self.facts.case_type.case_type:
            on = proc.governed_on(self.acts, self.facts.history.facts, on)
        rule = next((rule for rule in proc.edition(on).clocks if rule.id == rest[1]), None)
        if rule is None:
            return None, f"{in_chinese(on)}没有核实的这一时限"
        return (None, LOCAL_NOTE) if rule.duration.length is None else (rule.length_text, "")

    def _text(self, value: Any, spec: FieldSpec, filter_: str | None) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        day = value if isinstance(value, date) else as_date(value) if spec.type is FieldType.DATE else None
        if day is not None:
            return wording.chinese_day(day) if filter_ == "chinese" else in_chinese(day)
        if filter_ == "chinese":
            return wording.counted(str(value))
        if isinstance(value, list | tuple):
            return "、".join(self._named(str(item), spec, filter_) for item in value)
        if spec.type is FieldType.MONEY and isinstance(value, int | float):
            return wording.capital(value) if filter_ == "capital" else f"{wording.plain(value)}元"
        if isinstance(value, int | float):
            return f"{wording.plain(value)}{spec.unit or ''}"
        return self._named(str(value), spec, filter_)

    def _named(self, value: str, spec: FieldSpec, filter_: str | None) -> str:
        """An entry by its title, with its key where that is wanted."""
        entry = self.facts.entry(spec.register_, value) if spec.register_ else None
        if entry is None or spec.register_ is None:
            return value
        register = catalogue().registers[spec.register_]
        if filter_ == "keyed":
            return f"{entry.title}（{register.fields[register.key].title}{entry.key}）"
        return entry.title
