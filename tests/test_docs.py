"""The generated pages are current, and coverage names only mechanisms that exist."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import docs  # noqa: E402  tools/ is not a package


@pytest.mark.parametrize("name", sorted(docs.pages()))
def test_committed_page_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == docs.pages()[name](), "run `make docs`"
