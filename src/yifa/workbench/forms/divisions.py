"""The administrative divisions (GB/T 2260 codes) that `tools/frontend.py` gets with the browser files.

Without them a division is typed with its code.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LIST = Path(__file__).parents[1] / "static" / "vendor" / "divisions.json"
WRITTEN = re.compile(r"^(?P<name>.*?)[\s（(]*(?P<code>\d{6})?[\s）)]*$")
COUNTRY, PROVINCE, CITY = "", 2, 4
GROUPED = {"县", "省直辖县", "自治区直辖县"}  # the list's names for what stands below no city


@dataclass(frozen=True, slots=True)
class Division:
    """A province, city or county; `full` names it with what it belongs to."""

    code: str
    name: str
    full: str

    @property
    def written(self) -> str:
        """As shown and typed."""
        return f"{self.full}（{self.code}）"


@cache
def divisions() -> dict[str, Division]:
    """All divisions by code; empty where the list was not installed."""
    try:
        names: dict[str, str] = json.loads(LIST.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {code: Division(code, name, _full(code, names)) for code, name in names.items()}


def _full(code: str, names: dict[str, str]) -> str:
    above = [f"{code[:PROVINCE]}0000", f"{code[:CITY]}00", code]
    parts = [names[one] for one in dict.fromkeys(above) if names.get(one, "") not in {"", *GROUPED}]
    return "".join(dict.fromkeys(parts))


def find_division(written: str) -> Division | None:
    """What somebody picked or typed: by its code, else by its name where only one has it. None: not to be told."""
    said = WRITTEN.match(written.strip())
    name, code = (said["name"].strip(), said["code"]) if said else (written.strip(), None)
    known = divisions()
    if code:
        return known.get(code) or (Division(code, name, name) if name else None)
    found = [one for one in known.values() if name and name in (one.name, one.full)]
    return found[0] if len(found) == 1 else None


def close_to(written: str, most: int = 5) -> list[Division]:
    """Divisions of that name, or whose name has what was typed in it."""
    said = written.strip()
    known = divisions().values()
    found = [one for one in known if said and said in (one.name, one.full)]
    return (found or [one for one in known if said and said in one.full])[:most]
