"""From uploaded files to findings, within limits; a file that cannot be read says why and harms no other."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from django.core.files import File

from yifa.checking import check
from yifa.law.errors import YifaError
from yifa.reading import read_bytes, read_text
from yifa.workbench.checkups.kept import Checked, CheckUp
from yifa.workbench.checkups.limits import MEGABYTE, Limits, TooMuchError
from yifa.workbench.checkups.marking import RANK

PASTED = "粘贴的文字"
_log = logging.getLogger(__name__)


class Budget:
    """The time left for one request."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return time.monotonic() > self._ends


def add_file(checkup: CheckUp, file: File[bytes], limits: Limits, *, compared: bool = False) -> Checked:
    """Read one uploaded file into the check-up; `compared` puts it among those only compared with."""
    name = short(file.name or "未命名")
    content = file.read()
    keep = content if checkup.user is not None and not compared else b""
    try:
        read = Checked(name, read_bytes(content, name), content=keep)
    except YifaError as error:
        read = Checked(name, error=error.message, code=error.code)
    except Exception:
        _log.exception("could not read %s", name)
        read = Checked(
            name, error="读这份文件时出错，原因已记入系统日志。请另存为 docx 或 txt 后再试。", code="failed"
        )
    return _add(checkup, read, limits, compared)


def add_text(checkup: CheckUp, text: str, limits: Limits, name: str = PASTED) -> Checked:
    """Read a pasted text into the check-up."""
    try:
        read = Checked(name, read_text(text, name), content=text.encode() if checkup.user else b"")
    except YifaError as error:
        read = Checked(name, error=error.message, code=error.code)
    return _add(checkup, read, limits, compared=False)


def _add(checkup: CheckUp, read: Checked, limits: Limits, compared: bool) -> Checked:
    if checkup.characters + read.weight > limits.characters:
        read = Checked(
            read.name,
            error=f"这次检查的文字合计超过{limits.characters // 10_000}万字，没有检查这一份。请分批检查。",
            code="too_much",
        )
    (checkup.others if compared else checkup.items).append(read)
    return read


def finish(checkup: CheckUp, limits: Limits) -> None:
    """Check every text that was read, with the others of the check-up beside it."""
    budget = Budget(limits.seconds)
    documents = [one.document for one in (*checkup.items, *checkup.others) if one.document]
    for place, one in enumerate(checkup.items):
        if one.document is None:
            continue
        if budget.spent:
            late = f"这次检查已用满{limits.seconds:.0f}秒，没有轮到这一份。请分批检查。"
            checkup.items[place] = Checked(one.name, error=late, code="too_much")
            continue
        others = [other for other in documents if other is not one.document]
        findings = sorted(
            check(one.document, others), key=lambda finding: (RANK[finding.severity], finding.spans[:1])
        )
        checkup.items[place] = replace(one, findings=tuple(findings))
    checkup.done = True


def refuse_too_much(files: int, size: int, limits: Limits) -> None:
    """Refuses more files or bytes than one check-up may have."""
    if files > limits.files:
        raise TooMuchError(f"一次最多检查 {limits.files} 个文件，这次有 {files} 个，请分批。")
    if size > limits.megabytes * MEGABYTE:
        raise TooMuchError(
            f"这些文件合计 {size / MEGABYTE:.0f} MB，一次最多 {limits.megabytes} MB，请分批检查。"
        )


def short(name: str, most: int = 120) -> str:
    """A file name as shown: no folders, no control characters, its middle left out where it is very long."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in bare if sign.isprintable()) or "未命名"
    return plain if len(plain) <= most else f"{plain[: most - 40]}…{plain[-39:]}"
