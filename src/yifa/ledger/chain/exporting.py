"""The ledger as one file of JSON Lines, which anyone can verify without Yifa (docs/reference/ledger-format.md)."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from operator import or_
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from yifa.law.errors import YifaError
from yifa.ledger.chain.canonical import RECORD_COLUMNS, SEAL_COLUMNS, canonical
from yifa.ledger.chain.faults import Fault
from yifa.ledger.chain.records import Columns, Progress, stored_records, stored_seals
from yifa.ledger.models import Organization, Record, Seal, Subject

FORMAT = "yifa-ledger"
VERSION = 1
STEP = 1000
Chains = Mapping[str, Sequence[Any]]  # what chains are about, and the ids of them


def export(path: Path, progress: Progress | None = None, only: Chains | None = None) -> int:
    """Writes all records and seals; the file appears only when it is whole. Returns the number of lines.

    `only`: chains by what they are about; with them go those of the organizations, without which nobody could tell whose
    they are, and no seals, which are made of all.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise YifaError(f"文件夹 {path.parent} 不存在，没有导出。请先建立它，或换一个位置。", code="missing")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".yifa-export-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file, transaction.atomic():
            lines = _write(file, progress, only)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return lines


def _write(file: IO[str], progress: Progress | None, only: Chains | None) -> int:
    body = Organization.objects.body()
    if only is not None:
        ours = (
            Record.objects.filter(subject=Subject.ORGANIZATION)
            .order_by()
            .values_list("subject_id", flat=True)
        )
        only = {**only, Subject.ORGANIZATION: list(ours.distinct())}
    total, seals = _among(only).count(), Seal.objects.count() if only is None else 0
    header = {
        "format": FORMAT,
        "version": VERSION,
        "body": body.name if body else "",
        "exported_at": timezone.now(),
        "hash": "SM3",
        "records": total,
        "seals": seals,
    }
    file.write(canonical(header) + "\n")
    rows = (
        stored_records()
        if only is None
        else chain.from_iterable(stored_records(one) for one in sorted(only.items()))
    )
    for done, row in enumerate(rows, start=1):
        file.write(canonical({"record": {name: row[name] for name in (*RECORD_COLUMNS, "digest")}}) + "\n")
        if progress and (done % STEP == 0 or done == total):
            progress(done, total)
    for row in stored_seals() if seals else ():
        file.write(canonical({"seal": {name: row[name] for name in (*SEAL_COLUMNS, "digest")}}) + "\n")
    return 1 + total + seals


def _among(only: Chains | None) -> QuerySet[Record]:
    if only is None:
        return Record.objects.all()
    wanted = (Q(subject=subject, subject_id__in=ids) for subject, ids in only.items())
    return Record.objects.filter(reduce(or_, wanted))


class ExportReader:
    """Reads an export line by line; what cannot be read becomes a fault of the file, never an exception."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self.unreadable: list[Fault] = []
        header = self._header()
        self.expected_records: int = header["records"]
        self.expected_seals: int = header["seals"]

    def _header(self) -> dict[str, Any]:
        wrong = YifaError(
            f"{self.path} 不是依法的台账导出文件：第一行应为文件头。请用 yifa ledger export 重新导出。",
            code="format",
        )
        try:
            with self.path.open(encoding="utf-8") as file:
                header = json.loads(file.readline())
        except (OSError, ValueError) as error:
            raise wrong from error
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise wrong
        if header.get("version") != VERSION:
            raise YifaError(
                f"{self.path} 是第 {header.get('version')} 版格式，本程序只认第 {VERSION} 版，请升级后再核验。",
                code="format",
            )
        if not isinstance(header.get("records"), int) or not isinstance(header.get("seals"), int):
            raise wrong
        return header

    def records(self) -> Iterator[Columns]:
        """The records in the order of the file."""
        yield from self._lines("record", (*RECORD_COLUMNS, "digest"), note=True)

    def seals(self) -> Iterator[Columns]:
        """The seals in the order of the file."""
        yield from self._lines("seal", (*SEAL_COLUMNS, "digest"), note=False)

    def _lines(self, kind: str, columns: tuple[str, ...], *, note: bool) -> Iterator[Columns]:
        with self.path.open(encoding="utf-8", errors="replace") as file:
            file.readline()
            for number, text in enumerate(file, start=2):
                line = _parsed(text)
                if line is None:
                    if note:
                        self.unreadable.append(self._fault(f"第{number}行读不出来：被改动或残缺。", number))
                    continue
                if kind not in line:
                    continue
                row = line[kind]
                if not isinstance(row, dict) or not set(columns) <= row.keys():
                    self.unreadable.append(self._fault(f"第{number}行缺少栏目：被改动或残缺。", number))
                    continue
                yield row

    def _fault(self, what: str, line: int = 0) -> Fault:
        return Fault("file", f"{self.path.name}:{line}" if line else self.path.name, f"导出文件{what}")

    def faults(self, records: int, seals: int) -> list[Fault]:
        """What is wrong with the file itself, after it has been read through."""
        faults = list(self.unreadable)
        if records != self.expected_records:
            faults.append(self._fault(f"应有{self.expected_records}条记录，现有{records}条：文件不完整。"))
        if seals != self.expected_seals:
            faults.append(self._fault(f"应有{self.expected_seals}个日封存，现有{seals}个：文件不完整。"))
        return faults


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) and line.keys() & {"record", "seal"} else None
