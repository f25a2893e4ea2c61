"""What the administrator decided for this installation and is no part of the ledger; kept beside the data.

`YIFA_OPEN_CHECK` and `YIFA_OPEN_PORTAL` (1 or 0) in the environment go before what is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.conf import settings


class Open(StrEnum):
    """What may be opened to people without an account."""

    CHECK = "check"  # the check-up of texts
    PORTAL = "portal"  # looking up one's own case by its receipt, and documents made from questions


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether something is open without an account, who decided so, and when."""

    open: bool
    by: str = ""
    at: str = ""  # ISO date
    fixed: bool = False  # the environment decides, so that pages cannot


def choice_of(what: Open) -> Choice:
    """The choice that holds; closed where nothing was decided or what is kept cannot be read."""
    variable = f"YIFA_OPEN_{what.upper()}"
    if given := os.environ.get(variable, "").strip().lower():
        return Choice(given in {"1", "true", "yes", "on"}, f"环境变量 {variable}", fixed=True)
    try:
        kept = json.loads(_path(what).read_text(encoding="utf-8"))
        return Choice(kept["open"] is True, str(kept["by"]), str(kept["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Choice(False)


def is_open(what: Open) -> bool:
    """Whether those without an account may."""
    return choice_of(what).open


def choose(what: Open, choice: bool, *, by: str, at: date) -> None:
    """Keep the administrator's choice."""
    path = _path(what)
    part = path.with_suffix(".part")
    kept = asdict(Choice(choice, by, at.isoformat()))
    part.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def offer_accounts(accounts: Sequence[tuple[str, str]], password: str) -> None:
    """Keep which accounts the sign-in page offers: only the demonstration does so, whose password everybody knows."""
    kept = {"password": password, "accounts": [list(one) for one in accounts]}
    _offered().write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def offered_accounts() -> tuple[str, list[tuple[str, str]]]:
    """The password and the accounts (user name, who it is) that the sign-in page offers; none in a real body."""
    try:
        kept = json.loads(_offered().read_text(encoding="utf-8"))
        return str(kept["password"]), [(str(name), str(title)) for name, title in kept["accounts"]]
    except (OSError, ValueError, KeyError, TypeError):
        return "", []


def new_opening_word() -> str:
    """A one-time word with which an empty installation is opened on its page; replaces the one before."""
    word = "-".join(
        "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(4)) for _ in range(3)
    )
    path = _opening()
    path.write_text(_digest(word), encoding="utf-8")
    path.chmod(0o600)
    return word


def opens(word: str) -> bool:
    """Whether this is the one-time word."""
    try:
        kept = _opening().read_text(encoding="utf-8")
    except OSError:
        return False
    return secrets.compare_digest(kept, _digest(word))


def forget_opening_word() -> None:
    """The installation is no longer empty."""
    _opening().unlink(missing_ok=True)


def _digest(word: str) -> str:
    """However it is typed: in capitals, in full-width characters, with spaces or without the hyphens."""
    typed = unicodedata.normalize("NFKC", word).lower()
    return hashlib.sha256("".join(filter(str.isalnum, typed)).encode()).hexdigest()


def _opening() -> Path:
    return Path(settings.DATA) / "opening-word"


def guide_is_on() -> bool:
    """Whether the first page guides newcomers: in the demonstration, and where the administrator switched it on."""
    kept = _guide()
    return kept.read_text(encoding="utf-8") == "on" if kept.exists() else _offered().exists()


def switch_guide(on: bool) -> None:
    """Keep whether newcomers are guided."""
    _guide().write_text("on" if on else "off", encoding="utf-8")


def _guide() -> Path:
    return Path(settings.DATA) / "guide"


def _offered() -> Path:
    return Path(settings.DATA) / "demo-accounts.json"


def _path(what: Open) -> Path:
    return Path(settings.DATA) / f"open-{what}.json"
