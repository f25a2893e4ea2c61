"""The small data files beside the code: word lists, names of columns, phrases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def beside(code: str, name: str) -> Any:
    """What the file of this name says that stands beside a module, given as its `__file__`."""
    return parsed(Path(code).with_name(name).read_text(encoding="utf-8"))


def parsed(text: str) -> Any:
    """What a text in YAML says; read by the parser in C, some ten times faster than the one in Python."""
    return yaml.load(text, Loader=yaml.CSafeLoader)
