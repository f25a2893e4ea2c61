"""The key figures of the year: for each kind of case what came in, for each register what is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.law.schema import CountedState, CountingRule
from yifa.ledger.figures.counting import Counted
from yifa.ledger.figures.counting import Counting as Pass
from yifa.ledger.legal import no_power, rules_digest
from yifa.ledger.models import Case, Entry, Organization, User
from yifa.workbench.figures.charts import Chart, Series
from yifa.workbench.figures.latest import Latest, kinds_of_rule
from yifa.workbench.rights.access import home_organization

KEPT_SECONDS = 24 * 3600
MOST_CARDS = 8
FEW = 20_000  # cases
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One card."""

    rule: CountingRule
    counted: Counted
    before: Counted
    chart: Chart | None
    url: str


class Counting:
    """`count`, remembered until a record about the same kind of case or register, or a rule, changes.

    One for each request; `many` figures of the same unit and period are counted together.
    """

    def __init__(self, *, many: bool = False) -> None:
        self.latest = Latest()
        self._many = many
        self._passes: dict[tuple[int, date, date], Pass] = {}

    def get(self, rule_id: str, organization: Organization, start: date, end: date) -> Counted:
        """The figure."""
        known: Counted | None = cache.get(key := self.key("count", rule_id, organization, start, end))
        if known is None:
            at = (organization.pk, start, end)
            if at not in self._passes:
                self._passes[at] = Pass(organization, start, end, many=self._many)
            known = self._passes[at].count(rule_id)
            cache.set(key, known, KEPT_SECONDS)
        return known

    def began(self, rule_id: str, organization: Organization) -> date | None:
        """The first day of anything of the rule's kind in the ledger: before it 0 says only that nothing was kept."""
        key = self.key("began", rule_id, organization, date.min, date.min)
        known: tuple[date | None] | None = cache.get(key)
        if known is None:
            rule = catalogue().counting_rules[rule_id]
            days = [_first_day(kind, organization) for kind in kinds_of_rule(rule)]
            known = (min((day for day in days if day is not None), default=None),)
            cache.set(key, known, KEPT_SECONDS)
        return known[0]

    def key(self, what: str, rule_id: str, organization: Organization, start: date, end: date) -> str:
        """The name under which a figure, or what is made of it, is remembered."""
        last = self.latest.of(kinds_of_rule(catalogue().counting_rules[rule_id]))
        return f"{what}:{rule_id}:{organization.pk}:{start}:{end}:{last}:{self.latest.world}"


def _first_day(kind: str, organization: Organization) -> date | None:
    path = organization.path
    if kind in catalogue().case_types:
        cases = Case.objects.filter(
            case_type=kind, organization__path__startswith=path, opened_on__isnull=False
        )
        return cases.order_by("opened_on").values_list("opened_on", flat=True).first()
    entries = Entry.objects.filter(register=kind, organization__path__startswith=path, begins__isnull=False)
    return entries.order_by("begins").values_list("begins", flat=True).first()


def kind_of(rule: CountingRule) -> str:
    """The case type or register a rule counts over; a rate's is its denominator's."""
    return kinds_of_rule(rule)[-1]


def year_before(day: date) -> date:
    """The same day a year earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def key_rules(organization: Organization) -> Iterator[CountingRule]:
    """One rule for each kind of case and register the organization's level has, in the catalogue's order."""
    plainest = _plainest(catalogue().digest)
    for case_type in catalogue().case_types:
        if case_type in plainest and no_power(organization.level, case_type=case_type) is None:
            yield plainest[case_type]
    for register in catalogue().registers:
        if register in plainest and no_power(organization.level, register=register) is None:
            yield plainest[register]


@lru_cache(maxsize=1)
def _plainest(digest: str) -> dict[str, CountingRule]:
    """By case type or register the plainest rule that counts all of it: one without parts by some fact, if there is.

    A rule over some of the acts another counts, e.g. the urgent ones, does not count all of it.
    """
    del digest  # what is kept holds for one state of the catalogue
    found: dict[str, list[CountingRule]] = defaultdict(list)
    for rule in catalogue().counting_rules.values():
        kind = (
            rule.case_type if _counts_incoming(rule) else rule.register_ if _counts_standing(rule) else None
        )
        if kind:
            found[kind].append(rule)
    return {kind: min(_widest(rules), key=_has_parts) for kind, rules in found.items()}


def _widest(rules: Sequence[CountingRule]) -> list[CountingRule]:
    acts = [set(rule.acts) for rule in rules]
    return [rule for rule in rules if not any(set(rule.acts) < wider for wider in acts)]


def _has_parts(rule: CountingRule) -> bool:
    return (rule.breakdown or "").startswith("fact:")


def _counts_standing(rule: CountingRule) -> bool:
    """Whether the rule counts every entry in force."""
    return rule.register_ is not None and rule.counts is CountedState.IN_FORCE_AT_END and rule.where is None


def _counts_incoming(rule: CountingRule) -> bool:
    """Whether the rule counts every case that began, or was carried through, without further conditions."""
    case_type = catalogue().case_types.get(rule.case_type or "")
    narrowed = (rule.outcomes, rule.where, rule.clock, rule.sum_field, rule.takes)
    return (
        case_type is not None
        and all(part is None for part in narrowed)
        and rule.aggregate == "sum"
        and rule.counts is CountedState.ACT
        and bool(set(rule.acts) & set(case_type.opens_with))
    )


def figure_url(rule: str, organization: Organization, start: date, end: date) -> str:
    """The address of a figure."""
    return f"{reverse('figure', args=[rule])}?unit={organization.code}&from={start}&to={end}"


def by_month(figure: Counted, start: date, end: date) -> Chart | None:
    """The figure's records by month, small; None where months do not add up to it."""
    if catalogue().counting_rules[figure.rule].aggregate != "sum":
        return None
    months = [f"{month}月" for month in range(start.month, end.month + 1)]
    values = [Decimal(0)] * len(months)
    for day, value in figure.days.items():
        if start <= day <= end:
            values[day.month - start.month] += value
    if len(months) < 2 or not any(values):
        return None
    return Chart(
        id=f"key-{figure.rule}",
        kind="bar",
        labels=months,
        series=[Series("", [float(v) for v in values])],
        small=True,
    )


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of an organization; `counted_at` where they were counted a while ago, `waiting` until they are."""

    figures: tuple[KeyFigure, ...]
    counted_at: datetime | None = None
    waiting: bool = False


def few_cases() -> bool:
    """Whether the ledger is so small that everything may be counted while somebody waits for the page.

    Nothing is ever taken out of it: once it is large, that is remembered.
    """
    known = f"more_cases_than:{FEW}"
    if cache.get(known):
        return False
    few = not Case.objects.order_by()[FEW : FEW + 1].exists()
    if not few:
        cache.set(known, value=True, timeout=KEPT_SECONDS)
    return few


def key_figures(user: User, start: date, end: date) -> Cards:
    """The cards of the user's organization: counted now in a small ledger, else as they were counted last.

    In a large ledger something is always being recorded: what was counted stands, with its moment, until the page has
    asked for it anew (`counted_cards`), which it does by itself when this is some minutes ago.
    """
    organization = home_organization(user)
    if organization is None:
        return Cards(())
    if few_cases():
        return Cards(_cards(organization, start, end))
    known: tuple[datetime, tuple[KeyFigure, ...]] | None = cache.get(_cards_key(organization, end))
    if known is None:
        return Cards((), waiting=True)
    at, figures = known
    return Cards(figures, at, waiting=timezone.now() - at > FRESH)


def counted_cards(organization: Organization, start: date, end: date) -> Cards:
    """The cards counted now, and remembered."""
    at, figures = timezone.now(), _cards(organization, start, end)
    cache.set(_cards_key(organization, end), (at, figures), KEPT_SECONDS)
    return Cards(figures, None if few_cases() else at)


def _cards_key(organization: Organization, end: date) -> str:
    return f"cards:{organization.pk}:{end}:{rules_digest()[:16]}"


def _cards(organization: Organization, start: date, end: date) -> tuple[KeyFigure, ...]:
    counting, rules = Counting(), busiest(organization)
    counting.latest.ask(kind for rule in rules for kind in kinds_of_rule(rule))
    return tuple(_card(counting, rule, organization, start, end) for rule in rules)


def warm(today: date) -> None:
    """Count the first page's figures of the body ahead of the first visitor."""
    body = Organization.objects.body()
    if body is not None:
        counted_cards(body, date(today.year, 1, 1), today)


def busiest(organization: Organization) -> list[CountingRule]:
    """The rules of the kinds with the most cases and entries, in the catalogue's order; of a new body its first ones.

    Asked once a day: what a body does most changes slowly, and to know it every case is counted.
    """
    rules = list(key_rules(organization))
    key = f"busiest:{organization.pk}:{timezone.localdate()}:{rules_digest()[:16]}"
    known: list[str] | None = cache.get(key)
    if known is None:
        amounts = _amounts(organization)
        done = [rule for rule in rules if amounts.get(kind_of(rule))]
        first = sorted(done or rules, key=lambda rule: -amounts.get(kind_of(rule), 0))[:MOST_CARDS]
        known = [rule.counting_rule for rule in first]
        if amounts:
            cache.set(key, known, KEPT_SECONDS)
    return [rule for rule in rules if rule.counting_rule in known]


def _amounts(organization: Organization) -> dict[str, int]:
    """How many cases and entries of each kind the organization and those below it have."""
    units = list(Organization.objects.below(organization).values_list("pk", flat=True))
    return {
        name: amount
        for model, kind in ((Case, "case_type"), (Entry, "register"))
        for name, amount in model.objects.filter(organization_id__in=units)
        .order_by()
        .values_list(kind)
        .annotate(Count("pk"))
    }


def _card(
    counting: Counting, rule: CountingRule, organization: Organization, start: date, end: date
) -> KeyFigure:
    """One card; remembered without the records, of which a year has thousands."""
    key = counting.key("card", rule.counting_rule, organization, start, end)
    known: KeyFigure | None = cache.get(key)
    if known is None:
        now = counting.get(rule.counting_rule, organization, start, end)
        before = counting.get(rule.counting_rule, organization, year_before(start), year_before(end))
        known = KeyFigure(
            rule=rule,
            counted=replace(now, records=()),
            before=replace(before, records=()),
            chart=by_month(now, start, end) if rule.case_type else None,
            url=figure_url(rule.counting_rule, organization, start, end),
        )
        cache.set(key, known, KEPT_SECONDS)
    return known
