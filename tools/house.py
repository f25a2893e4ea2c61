"""House rules that no linter has: no addresses in lock files, no absolute home paths, no days in UTC, sizes as a hint."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = re.compile(r"(^requirements/.*\.(txt|in)$|lock\.json$|\.npmrc$)")
LONG = 500
UTC_DAY = re.compile(
    r"_at(\.date\(\)|:%)"
)  # moments are kept in UTC: before eight in the morning their day is yesterday


def main() -> None:
    """Print each breach; exit 1 when there is one."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    breaches = []
    for name in listed.splitlines():
        path = ROOT / name
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        if name.startswith("src/") and name.endswith(".py") and (found := UTC_DAY.search(text)):
            breaches.append(
                f"{name}: {found[0]} gives the day in UTC, timezone.localdate(…) the one people mean"
            )
        if LOCKS.search(name) and "://" in text:
            breaches.append(f"{name}: an address in a lock file")
        if str(ROOT.parent) + "/" in text:
            breaches.append(f"{name}: a path of this machine")
        if (
            name.startswith("src/")
            and name.endswith(".py")
            and "/migrations/" not in name
            and text.count("\n") > LONG
        ):
            breaches.append(f"{name}: {text.count(chr(10))} lines, more than {LONG}")
    if breaches:
        sys.exit("\n".join(breaches))


if __name__ == "__main__":
    main()
