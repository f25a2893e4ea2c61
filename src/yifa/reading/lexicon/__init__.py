"""Word lists of reading, as data: one YAML file a subject."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from yifa.law.datafiles import beside

FOLDER = Path(__file__).parent


@cache
def words(name: str) -> Any:
    """The content of `NAME.yaml` in this folder."""
    return beside(__file__, f"{name}.yaml")


def alternatives(items: list[str]) -> str:
    """A regular expression that matches any of the literal `items`, the longest first."""
    return "|".join(re.escape(item) for item in sorted(items, key=len, reverse=True))
