"""Files of the browser: icons that exist, a lock without addresses."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "src" / "yifa" / "workbench"


def used_icons() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    navigation = (TEMPLATES / "rights" / "navigation.py").read_text(encoding="utf-8")
    found = {name for text in texts for name in re.findall(r'{% icon "([a-z0-9-]+)"', text)}
    return found | set(re.findall(r'\("[^"]+", "([a-z-]+)", "[a-z_]+"', navigation))


def test_every_icon_is_installed_and_none_in_vain() -> None:
    listed = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["yifa"]["icons"]
    assert used_icons() == set(listed)


def test_lock_holds_hashes_and_no_addresses() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}
    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())


def test_a_class_has_one_look() -> None:
    """Two rules of one name, written by two people, spoil each other's pages."""
    plain: list[str] = []
    for sheet in sorted((TEMPLATES / "static" / "workbench").glob("*.css")):
        if sheet.name != "check.css":  # the check-up's own pages and their print
            plain += re.findall(r"^(\.y-[a-z0-9-]+) \{", sheet.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name in plain if plain.count(name) > 1} == set()
