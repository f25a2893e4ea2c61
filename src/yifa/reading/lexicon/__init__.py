"""Word lists of reading, as data: one YAML file a subject."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def words(name: str) -> Any:
    """The content of `NAME.yaml` in this folder."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def alternatives(items: list[str]) -> str:
    """A regular expression that matches any of the literal `items`, the longest first."""
    return "|".join(re.escape(item) for item in sorted(items, key=len, reverse=True))
