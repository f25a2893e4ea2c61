"""What is asked of each file of a batch, and the stamp under which its result may be used again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yifa
from yifa.checking import RULES
from yifa.checking.finding import Severity
from yifa.law.errors import YifaError

ROOMS = ("law", "reading", "checking", "checkups")  # whose code and data decide what is found


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a batch.

    `data` where it does not come from the disk; `beside` are paths to compare it with, `at_hand` the bytes of those
    that do not come from the disk.
    """

    path: str
    data: bytes | None = None
    beside: tuple[str, ...] = ()
    at_hand: tuple[tuple[str, bytes], ...] = ()

    def sha256(self) -> str:
        """The digest of its bytes; nothing where it cannot be opened, which reading will say."""
        if self.data is not None:
            return hashlib.sha256(self.data).hexdigest()
        return sha256_of(Path(self.path))


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with each file. Plain values, so that it can be sent to another process or machine."""

    rules: tuple[str, ...] = tuple(rule.id for rule in RULES)  # none: read only
    against: tuple[Item, ...] = ()  # documents every file is compared with
    least: Severity = Severity.NOTICE  # findings that matter less are left out
    whole: bool = False  # whether results carry the contract's whole object
    text: bool = False  # whether results carry the text

    def stamp(self) -> str:
        """The same for two orders that find the same in the same bytes: program, rules, documents compared with."""
        digest = hashlib.sha256(edition().encode())
        digest.update("\n".join([*self.rules, self.least]).encode())
        for item in self.against:
            digest.update(b"\0" + item.sha256().encode())
        return digest.hexdigest()[:32]


def choose_rules(only: Iterable[str] = (), without: Iterable[str] = ()) -> tuple[str, ...]:
    """Rule ids from what people name: an id, or a family such as `law` for `law.*`.

    Raises:
        YifaError: a name that is no rule, or nothing left to run.
    """
    wanted, unwanted = _named(only), _named(without)
    chosen = tuple(rule.id for rule in RULES if (not wanted or rule.id in wanted) and rule.id not in unwanted)
    if not chosen:
        raise YifaError("选来选去一条规则也不剩。请减少 --without 或 --rule。", code="rule")
    return chosen


def _named(names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        meant = {rule.id for rule in RULES if rule.id == name or rule.id.startswith(f"{name}.")}
        if not meant:
            known = "、".join(rule.id for rule in RULES)
            raise YifaError(f"没有“{name}”这条规则。可用的有：{known}。", code="rule")
        found |= meant
    return found


def sha256_of(path: Path) -> str:
    """The digest of a file; nothing where it cannot be opened, which whoever reads it will say."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


@cache
def edition() -> str:
    """Program version and a digest over the code and data that decide what is found: `0.1.0-5f2c91d0a4be`."""
    root = Path(yifa.__file__).parent
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in {".py", ".yaml"}:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{yifa.__version__}-{digest.hexdigest()[:12]}"
