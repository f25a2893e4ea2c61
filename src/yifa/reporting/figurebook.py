"""The figures of one report, each computed once, when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from yifa.law.loader import Catalogue
from yifa.law.schema import CountingRule
from yifa.ledger.counting import Counted, count_rule
from yifa.ledger.models import Organization
from yifa.reporting.computed import Computed
from yifa.reporting.facts import compute_fact, fact_titles
from yifa.reporting.overdue import overdue_rules


class FigureBook:
    """Computes figures for an organization and a period and remembers them.

    `on_computed` is called with the number computed so far, for progress bars.
    """

    def __init__(
        self,
        organization: Organization,
        start: date,
        end: date,
        catalogue: Catalogue,
        on_computed: Callable[[int], None] | None = None,
    ) -> None:
        self._organization, self._start, self._end, self._catalogue = organization, start, end, catalogue
        self._rules = {**overdue_rules(catalogue, organization.level), **catalogue.counting_rules}
        self._computed: dict[str, Computed] = {}
        self._on_computed = on_computed

    def titles(self) -> dict[str, str]:
        """All figures there can be, by id."""
        return {**{rule: shape.title for rule, shape in self._rules.items()}, **fact_titles()}

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
            return compute_fact(rule, self._organization, self._start, self._end, self._catalogue)
        return self._from_count(shape, count_rule(shape, self._organization, self._start, self._end))

    def _from_count(self, shape: CountingRule, counted: Counted) -> Computed:
        return Computed(
            rule=shape.counting_rule,
            version=counted.version,
            title=shape.title,
            explain=shape.explain,
            basis=shape.basis,
            unit=counted.unit,
            status=counted.status,
            value=counted.value,
            parts=counted.parts,
            parts_title=self._parts_title(shape),
            records=tuple(self._line(shape, record) for record in counted.records)
            if shape.rate is None
            else (),
            digest=counted.digest,
            numerator=shape.rate.numerator if shape.rate else "",
            denominator=shape.rate.denominator if shape.rate else "",
        )
