"""What SQLite needs of a server: its log written back beside those who record, what is asked often read before it is asked.

PostgreSQL does both by itself.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

LOG = 4 * 1024 * 1024  # bytes of the log that wait before they are written back
SHARE = 2  # of the memory that is free now, one part in so many may be filled
PIECE = 4 * 1024 * 1024
PAUSE = 0.12  # seconds that writers, who wait in no queue, are given between transactions of long work
REST = 0.01  # seconds between two pieces: whoever asks meanwhile goes first
HOT = (  # what pages and figures read, the most asked for first
    "span_in_period", "span_standing_at", "case_by_day", "case_by_unit", "case_by_type", "clock_running", "case_open",
    "case_waiting", "case_faulty", "sqlite_autoindex_ledger_case_1", "sqlite_autoindex_ledger_caseact_1",
    "sqlite_autoindex_ledger_record_2", "ledger_countedspan_case_id_f2250cc6", "ledger_caseclock_case_id_d5bb45a2",
    "finding_of_case", "ledger_casepairs_data", "sqlite_autoindex_ledger_record_1", "case_by_status", "case_by_due",
    "case_by_title", "case_by_findings", "ledger_case", "ledger_casetext", "ledger_caseact",
)  # fmt: skip


def write_back() -> bool:
    """Writes SQLite's log into the database where enough waits. Nobody who reads or records waits for it."""
    path = _file()
    if path is None or not _long(path.with_name(f"{path.name}-wal")):
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return True


def _long(log: Path) -> bool:
    try:
        return log.stat().st_size > LOG
    except OSError:
        return False


def warm(most: int | None = None) -> int:
    """Reads the database into the memory of the machine: whole where it fits, else what is asked most; the bytes read.

    It never takes more than `most` bytes; left out, half of what is free: the memory stays the system's, which
    gives it to whoever needs it.
    """
    path = _file()
    if path is None:
        return 0
    room = _free() // SHARE if most is None else most
    if path.stat().st_size <= room:
        return sum(_pieces(path))
    read = 0
    for size in _trees(path):
        read += size
        if read >= room:
            break
    return read


def _pieces(path: Path) -> Iterator[int]:
    with path.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            yield len(piece)
            time.sleep(REST)


def _trees(path: Path) -> Iterator[int]:
    """Reads one table or index after the other; their sizes. SQLite counts a tree's pages by reading them."""
    own = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        for name in HOT:
            rows = own.execute("SELECT pgsize FROM dbstat WHERE name = ? AND aggregate = TRUE", [name])
            yield sum(size for (size,) in rows)
            time.sleep(REST)
    except sqlite3.OperationalError:  # built without it: then nothing is read ahead
        return
    finally:
        own.close()


def _file() -> Path | None:
    """The database's file; None where it is none."""
    name = str(connection.settings_dict["NAME"])
    path = Path(name)
    return path if connection.vendor == "sqlite" and path.is_file() else None


def _free() -> int:
    """The memory that can be had, in bytes; on systems that do not say, a quarter of a gigabyte."""
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as said:
            return next(int(line.split()[1]) * 1024 for line in said if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        try:
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4
        except (AttributeError, ValueError, OSError):
            return 256 * 1024 * 1024


def give_way() -> None:
    """Between two transactions of long work: whoever waits to write gets in. SQLite knows one writer and no queue.

    A waiting writer looks again after at most a tenth of a second; without the pause it would seldom meet the gap.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)
