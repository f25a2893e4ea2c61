"""One file, from its name to its result. The same in this process, in a worker and on another machine."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from yifa.checking import RULES, check, report_json
from yifa.checking.finding import Finding, Severity
from yifa.checking.rule import Registry
from yifa.checkups.order import Item, Order
from yifa.checkups.result import Checked, Result, Unread, checked
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.reading import Document, read, read_bytes

_RANK = {severity: rank for rank, severity in enumerate(Severity)}  # the worst first
BESIDE = 16  # neighbours kept in mind

_log = logging.getLogger(__name__)


class Examiner:
    """Reads and checks files after one order.

    Raises YifaError where a document to compare with cannot be read, or the catalogue of laws is broken.

    `more` finds what the rules cannot: it is asked of each document after them.
    """

    def __init__(self, order: Order, more: Callable[[Document], Iterable[Finding]] | None = None) -> None:
        catalogue()  # what no file can be read without is said once and not of every file
        self._order, self._more = order, more
        self._rules = Registry(RULES[rule] for rule in order.rules)
        self._against = tuple(map(_open, order.against))

    def examine(self, item: Item) -> Result:
        """The result of one file; never raises but for a process that is being ended."""
        try:
            return self._examine(item)
        except YifaError as error:
            return Unread(item.path, error.code, error.message)
        except MemoryError:
            return out_of_memory(item.path)
        except Exception:
            _log.exception("check-up of %s failed", item.path)
            message = f"「{item.path}」使程序出错，没有读完，其他文件不受影响。请把文件交给维护者。"
            return Unread(item.path, "fault", message)

    def _examine(self, item: Item) -> Checked:
        document = _open(item)
        at_hand = dict(item.at_hand)
        beside = tuple(_beside(path, at_hand.get(path)) for path in item.beside)
        findings = self._findings(document, (*self._against, *filter(None, beside)))
        whole = None
        if self._order.whole:
            value = report_json(document, findings) if self._order.rules else document.as_json()
            whole = as_line(value)
        return checked(document, findings, whole, text=self._order.text)

    def _findings(self, document: Document, others: tuple[Document, ...]) -> tuple[Finding, ...]:
        if not self._order.rules:
            return ()
        found = (*check(document, others, self._rules), *(self._more(document) if self._more else ()))
        return tuple(finding for finding in found if _RANK[finding.severity] <= _RANK[self._order.least])


def _open(item: Item) -> Document:
    return read(Path(item.path)) if item.data is None else read_bytes(item.data, item.path)


@lru_cache(maxsize=BESIDE)
def _beside(path: str, data: bytes | None) -> Document | None:
    """A neighbour in the batch, or nothing: that it cannot be read is said where it is examined itself."""
    try:
        return _open(Item(path, data))
    except YifaError:
        return None


def as_line(value: object) -> str:
    """One line of JSON, without what no terminal and no JSON reader takes."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode("utf-8")


def out_of_memory(path: str) -> Unread:
    """What is said of a file that needs more memory than one file may have."""
    message = f"「{path}」需要的内存超过上限，没有读完。请把其中的图片去掉或按篇拆开后再读。"
    return Unread(path, "memory", message)
