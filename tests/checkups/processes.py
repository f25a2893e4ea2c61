"""Which processes a process has started."""

from __future__ import annotations

from pathlib import Path


def descendants(pid: int) -> list[int]:
    """Those below it that are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found += [int(entry.name), *descendants(int(entry.name))]
    return found
