"""Pages of a list of any length: counted up to a bound, found in the index far behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

from yifa.ledger.search.ordering import is_narrowed, keys_between

M = TypeVar("M", bound=Model)
MOST = 10_000  # rows a list counts and turns pages through; whoever has more to look at narrows it down
FAR = 1000  # rows skipped from which on they are skipped in the index


@dataclass(frozen=True, slots=True)
class Few(Generic[M]):
    """What words find: so few rows, and so slowly found, that they are looked for once, not to be counted and again.

    `seen`: all rows the user may see; `keys`: of those found, in order, where they are known already, or what finds them
    faster than the rows themselves.
    """

    seen: QuerySet[M]
    keys: Sequence[Any] | QuerySet[Any, Any] | None = None

    def rows(self, keys: Sequence[Any]) -> list[M]:
        """The rows of these keys, in their order."""
        known = self.seen.in_bulk(keys)
        return [known[key] for key in keys if key in known]


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # no parameters at run time
    """Pages over the first rows of a list. `more`: there are more than are counted; `count` is then what is shown."""

    def __init__(self, rows: Any, per_page: int, *, few: Few[Any] | None = None) -> None:
        super().__init__(rows, per_page)
        self.few = few

    @cached_property
    def _keys(self) -> Sequence[Any] | QuerySet[Any, Any]:
        if self.few is not None and self.few.keys is not None:
            return self.few.keys
        rows = cast("QuerySet[Any]", self.object_list)
        return list(rows.values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def _known(self) -> int:
        if self.few is not None:
            keys = self._keys
            return keys[: MOST + 1].count() if isinstance(keys, QuerySet) else len(keys)
        rows = cast("QuerySet[Any]", self.object_list).order_by()
        return rows.values("pk")[: MOST + 1].count()

    @property
    def more(self) -> bool:
        """Whether there are more rows than pages lead to."""
        return self._known > MOST

    def page(self, number: Any) -> Page[Any]:
        """The page. One far behind, or of many rows sorted, is found in the index first: of what is skipped no row is read."""
        found = super().page(number)
        rows: Any = self.object_list
        first = found.start_index() - 1
        if self.few is not None:
            found.object_list = self.few.rows(list(self._keys[max(first, 0) : found.end_index()]))
            return found
        if not isinstance(rows, QuerySet) or not (first >= FAR or is_narrowed(rows, self._known)):
            return found
        found.object_list = rows.filter(pk__in=keys_between(rows, max(first, 0), found.end_index()))
        return found

    @cached_property
    def count(self) -> int:
        """The rows pages lead to."""
        return min(self._known, MOST)
