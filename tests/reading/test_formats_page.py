"""The page on formats says every reason for which reading refuses a file."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_code_is_on_the_page() -> None:
    page = (ROOT / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", page.split("## 读不了的原因")[1], re.M))
    sources = (ROOT / "src" / "yifa" / "reading").rglob("*.py")
    used = {
        code
        for path in sources
        for code in re.findall(r"code[\"']?[=:] ?\"(\w+)\"", path.read_text(encoding="utf-8"))
    }
    assert used
    assert listed == used
