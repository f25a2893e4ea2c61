"""The figures of one report, each computed once, when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from yifa.law.loader import Catalogue
from yifa.law.schema import AboutPerson, Condition, CountingRule
from yifa.ledger.figures.counting import Counted, Counting
from yifa.ledger.models import Organization
from yifa.reporting.computed import Computed
from yifa.reporting.facts import Faults, compute_fact, fact_titles
from yifa.reporting.overdue import overdue_rules


class FigureBook:
    """Computes figures for an organization and a period and remembers them.

    `on_computed` is called with the number computed so far, for progress bars. With `person` (what reports on one person
    count as that person's own, and the name) figures of these case types and registers are the person's.
    """

    def __init__(
        self,
        organization: Organization,
        start: date,
        end: date,
        catalogue: Catalogue,
        on_computed: Callable[[int], None] | None = None,
        *,
        person: tuple[AboutPerson, str] | None = None,
    ) -> None:
        self._organization, self._start, self._end, self._catalogue = organization, start, end, catalogue
        self._rules = {**overdue_rules(catalogue, organization.level), **catalogue.counting_rules}
        self._computed: dict[str, Computed] = {}
        self._counting = Counting(organization, start, end, many=True)
        self._on_computed = on_computed
        self._faults = Faults(organization, start, end)
        self._person = person

    def titles(self) -> dict[str, str]:
        """All figures there can be, by id."""
        return {**{rule: shape.title for rule, shape in self._rules.items()}, **fact_titles()}

    def tells_units(self, rule: str) -> bool:
        """Whether what one unit has in a figure can be told: not in rates, means and what is counted once for all."""
        shape = self._rules.get(rule)
        return shape is not None and shape.rate is None and shape.aggregate == "sum"

    def get(self, rule: str) -> Computed | None:
        """The figure of this id; None for an unknown id."""
        if rule not in self._computed:
            figure = self._compute(rule)
            if figure is None:
                return None
            self._computed[rule] = figure
            if self._on_computed:
                self._on_computed(len(self._computed))
        return self._computed[rule]

    def take(self, figures: Iterable[Computed]) -> None:
        """Figures that are known already are not counted."""
        self._computed.update((figure.rule, figure) for figure in figures)

    def all(self) -> tuple[Computed, ...]:
        """All figures asked for, with the numerators and denominators of rates."""
        for figure in list(self._computed.values()):
            for other in (figure.numerator, figure.denominator):
                if other:
                    self.get(other)
        return tuple(self._computed.values())

    def _compute(self, rule: str) -> Computed | None:
        shape = self._rules.get(rule)
        if shape is None:
            period = (self._start, self._end)
            return compute_fact(rule, self._organization, *period, self._catalogue, self._faults)
        own = own_rule(shape, self._person)
        if own is not None:
            return self._from_count(own, self._counting.count_rule(own))
        known = rule in self._catalogue.counting_rules
        return self._from_count(
            shape, self._counting.count(rule) if known else self._counting.count_rule(shape)
        )

    def _from_count(self, shape: CountingRule, counted: Counted) -> Computed:
        silent = f"未采集此项数据的{'、'.join(counted.missing)}没有计入。" if counted.missing else ""
        return Computed(
            rule=shape.counting_rule,
            version=counted.version,
            title=shape.title,
            explain=shape.explain + silent,
            basis=shape.basis,
            unit=counted.unit,
            status=counted.status,
            value=counted.value,
            parts=counted.parts,
            parts_title=self._parts_title(shape),
            records=counted.records,
            counted_from=counted,
            numerator=shape.rate.numerator if shape.rate else "",
            denominator=shape.rate.denominator if shape.rate else "",
        )

    def _parts_title(self, shape: CountingRule) -> str:
        """What the parts of a breakdown are told apart by."""
        if not shape.breakdown:
            return ""
        kind, _, name = shape.breakdown.partition(":")
        owner = self._catalogue.case_types.get(shape.case_type or "")
        if kind == "field" and owner is not None:
            acts = (owner.acts[act].fields for act in shape.acts)
            return next((fields[name].title for fields in acts if name in fields), "")
        if name:
            register = self._catalogue.registers.get(shape.register_ or "")
            fields = owner.facts if owner else register.fields if register else {}
            return fields[name].title if name in fields else ""
        return {"outcome": "结果", "unit": "单位"}.get(shape.breakdown, "")


def own_rule(rule: CountingRule, person: tuple[AboutPerson, str] | None) -> CountingRule | None:
    """The rule narrowed to what is the person's own; None where it is not about persons."""
    if person is None:
        return None
    about, name = person
    of_case, of_register = about.facts.get(rule.case_type or ""), about.registers.get(rule.register_ or "")
    field = of_case or of_register
    if field is None:
        return None
    explain = f"{rule.explain}只计{about.title}{name}本人的。"
    return rule.model_copy(update={"where": narrowed(rule.where, field, name), "explain": explain})


def narrowed(where: Condition | None, field: str, name: str) -> Condition:
    """A condition that also wants this name in a field."""
    own = Condition.model_validate({"fact": field, "is": name})
    return own if where is None else Condition.model_validate({"all": [where, own]})
