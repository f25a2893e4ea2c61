"""An office whose machine fails, in a process of its own; `tell(WHAT)` prints JSON.

YIFA_DATA is a folder that `founded` filled. Who does something is a child of this process, so that it can be killed and
that whoever looks afterwards begins anew, as after a restart.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from yifa.exchange import checking
from yifa.exchange.models import Import
from yifa.law.loader import catalogue
from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole
from yifa.ledger.models import Attachment, Case, Organization, Record, Role, User
from yifa.ledger.proof.verification import verify

ROWS = 40  # of the list that is brought in
LIST = "工单编号,来源,诉求标题,受理时间,派单时间,承办单位\n" + "".join(
    f"GD{number:05},12345热线,反映路灯不亮{number},2026-11-03,2026-11-03,澜亭县司法局\n"
    for number in range(1, ROWS + 1)
)
HOLD = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE');"
    "print('held', flush=True); sys.stdin.read(1); c.rollback()"
)
PASSWORD = "correct-horse-9"
DATA = Path(settings.DATA)
Told = dict[str, Any]


def founded() -> Told:
    """A county with one unit, and somebody for each deed, in a database that was migrated."""
    body = CreateOrganization(
        actor=None, code="body", name="澜亭县人民政府", level="county", short_name="澜亭县"
    ).execute()
    unit = CreateOrganization(
        actor=None, code="sfj", name="澜亭县司法局", level="department", parent=body
    ).execute()
    for name, at, role in (
        ("clerk", unit, Role.OFFICER), ("lister", body, Role.OFFICER), ("keeper", body, Role.SYSTEM)
    ):  # fmt: skip
        user = CreateUser(
            actor=None, username=name, display_name="甲一", organization=at, password=PASSWORD
        ).execute()
        GrantRole(actor=None, user=user, organization=at, role=role).execute()
    return {}


# ------------------------------------------------------------ people


@cache
def unit() -> str:
    """The key of the unit that the clerk works for."""
    return str(Organization.objects.get(code="sfj").pk)


def stranger() -> Client:
    """Somebody who has not signed in."""
    return Client(raise_request_exception=False)


def client(name: str) -> Client:
    """Somebody who has signed in."""
    unit()
    signed = stranger()
    signed.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return signed


def said(answer: Any) -> Told:
    """What a page says."""
    tree = LexborHTMLParser(answer.content.decode("utf-8", "replace"))
    main = tree.css_first("main") or tree.body
    words = " ".join(main.text(separator=" ").split()) if main is not None else ""
    return {"status": answer.status_code, "words": words, "to": answer.headers.get("Location", "")}


def opens_case(clerk: Client, paper: int = 0) -> Told:
    """Records an information request, with a paper of so many bytes."""
    form: dict[str, Any] = {
        "facts-organization": unit(), "facts-f_content": "示例资料", "on": "2026-11-20", "first": "receive"
    }  # fmt: skip
    if paper:
        form["papers"] = SimpleUploadedFile("大件.pdf", b"%PDF-1.4\n" + os.urandom(paper))
    return said(clerk.post("/cases/new/information_request/", form))


def sends_list(lister: Client) -> Told:
    """Sends a list; it is tried at once."""
    form = {
        "what": "热线和网上诉求工单",
        "way": "import",
        "file": SimpleUploadedFile("工单.csv", LIST.encode()),
    }
    return said(lister.post("/exchange/", form))


def brings_in(lister: Client, mode: str) -> Told:
    """Brings the list in that was tried last; what its page then says."""
    at = f"/exchange/imports/{Import.objects.latest('created_at').pk}/"
    answer = said(lister.post(at, {"deed": "import", "mode": mode}))
    return answer if answer["status"] != 302 else said(lister.get(at))


def page_of_import(lister: Client) -> Told:
    """What the page of the list sent last says."""
    return said(lister.get(f"/exchange/imports/{Import.objects.latest('created_at').pk}/"))


def backs_up(keeper: Client) -> Told:
    """Backs up on the page; with the files that are there then."""
    answer = said(keeper.post("/backups/", follow=True))
    return answer | {"files": sorted(path.name for path in (DATA / "backups").glob("*"))}


def standing() -> Told:
    """What there is, as somebody finds it who begins anew, and whether all of it is sound."""
    kept = {path.name for path in (DATA / "attachments").rglob("*") if path.is_file()}
    return {
        "cases": Case.objects.count(),
        "records": Record.objects.count(),
        "attachments": Attachment.objects.count(),
        "missing": len(set(Attachment.objects.values_list("sha256", flat=True)) - kept),
        "half": [name for name in kept if len(name) != 64],
        "faults": [fault.message for fault in verify().faults],
    }


# ------------------------------------------------------------ troubles


@contextmanager
def full(left: int) -> Iterator[None]:
    """The disk of the data folder with so many bytes left, to a few hundred."""
    filler = DATA / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 9):
            with suppress(OSError):
                while True:
                    file.write(b"0" * size)
    os.truncate(filler, max(filler.stat().st_size - left, 0))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def read_only() -> Iterator[None]:
    """The data folder as whoever begins anew finds it: nobody may write there."""
    connections.close_all()
    for how in (["--bind", DATA], ["-o", "remount,bind,ro"]):
        subprocess.run(["mount", *how, DATA], check=True)
    try:
        yield
    finally:
        connections.close_all()
        subprocess.run(["umount", "-l", DATA], check=True)


@contextmanager
def held() -> Iterator[None]:
    """The database while another program writes and does not end."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(DATA / "yifa.sqlite3")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        holder.communicate(b"\n")


def command(*words: str) -> Told:
    """What a command of Yifa says, and how it ended."""
    call = [sys.executable, "-c", "from yifa.cli import main; main()", *words]
    done = subprocess.run(
        call, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    return {"code": done.returncode, "words": done.stderr + done.stdout}


def apart(deed: Callable[[], Any]) -> Any:
    """What a deed gives that is done by another process; None where it was killed."""
    connections.close_all()  # no two processes may use one
    mine, its = os.pipe()
    child = os.fork()
    if not child:
        os.close(mine)
        with os.fdopen(its, "w", encoding="utf-8") as out:
            try:
                json.dump(deed(), out, ensure_ascii=False)
            except BaseException as error:
                json.dump({"broke": repr(error)}, out)
        os._exit(0)
    os.close(its)
    with os.fdopen(mine, encoding="utf-8") as told:
        words = told.read()
    os.waitpid(child, 0)
    return json.loads(words) if words else None


def dies_at(statement: int, deed: Callable[[], Any]) -> Callable[[], Any]:
    """A deed whose process is killed when it has sent so many statements to the database."""

    def begun() -> Any:
        sent = 0

        def count(execute: Callable[..., Any], *given: Any) -> Any:
            nonlocal sent
            sent += 1
            if sent == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*given)

        with connection.execute_wrapper(count):
            return deed() | {"statements": sent}

    return begun


# ------------------------------------------------------------ what is tried


def recording_on_a_full_disk() -> Told:
    clerk, before, seen = client("clerk"), standing(), []
    for left, paper in ((0, 0), (8_000, 0), (40_000, 0), (0, 2_000_000), (1_000_000, 2_000_000)):
        with full(left):
            answer = opens_case(clerk, paper)
            page = said(clerk.get("/cases/"))["status"]
        seen.append({"answer": answer, "page": page, "after": apart(standing)})
    return {"before": before, "seen": seen, "again": opens_case(clerk, 2_000_000), "after": apart(standing)}


def importing_on_a_full_disk() -> Told:
    lister, before = client("lister"), standing()
    with full(0):
        sent = sends_list(lister)
    between, tried, seen = apart(standing), sends_list(lister), []
    for mode in ("whole", "skip"):
        for left in (0, 30_000):
            with full(left):
                answer = brings_in(lister, mode)
            seen.append(
                {
                    "mode": mode,
                    "left": left,
                    "answer": answer,
                    "later": page_of_import(lister),
                    "after": apart(standing),
                }
            )
    return {
        "before": before, "sent": sent, "between": between, "tried": tried, "seen": seen,
        "again": brings_in(lister, "skip"), "after": apart(standing),
    }  # fmt: skip


def backing_up_on_a_full_disk() -> Told:
    keeper, clerk, seen = client("keeper"), client("clerk"), []
    opens_case(clerk, 2_000_000)
    for left in (0, 1_000_000, 3_000_000):
        with full(left):
            seen.append(backs_up(keeper))
    again = backs_up(keeper)
    return {"seen": seen, "again": again, "after": apart(standing)}


def in_a_folder_to_be_read_only() -> Told:
    clerk, lister, keeper, before = client("clerk"), client("lister"), client("keeper"), standing()
    with read_only():
        seen = {
            "case": opens_case(clerk), "paper": opens_case(clerk, 2_000), "list": sends_list(lister),
            "backup": backs_up(keeper), "page": said(clerk.get("/cases/")),
            "command": command("ledger", "verify"), "begun": command("serve", "--port", "8097"),
        }  # fmt: skip
    return {"before": before, "seen": seen, "again": opens_case(clerk, 2_000), "after": apart(standing)}


def while_another_program_holds_the_database() -> Told:
    connection.settings_dict["OPTIONS"]["timeout"] = 0.2
    clerk, lister, keeper, before = client("clerk"), client("lister"), client("keeper"), standing()
    with held():
        seen = {
            "case": opens_case(clerk), "paper": opens_case(clerk, 2_000), "list": sends_list(lister),
            "backup": backs_up(keeper), "page": said(clerk.get("/cases/")),
        }  # fmt: skip
    return {"before": before, "seen": seen, "again": opens_case(clerk, 2_000), "after": apart(standing)}


def with_a_damaged_database() -> Told:
    client("clerk")
    connections.close_all()  # its log is written back
    file, seen = DATA / "yifa.sqlite3", {}
    whole = file.read_bytes()
    for name, broken in (
        ("begins wrong", b"\x5a" * 4096 + whole[4096:]),
        ("wrong from its tenth page on", whole[:40_960] + b"\x5a" * (len(whole) - 40_960)),
        ("cut off", whole[: len(whole) // 2]),
        ("something else", b"no database at all\n" * 1000),
    ):
        for beside in DATA.glob("yifa.sqlite3-*"):
            beside.unlink()
        file.write_bytes(broken)
        seen[name] = {
            "page": apart(lambda: said(stranger().get("/login/"))),
            "signing in": apart(lambda: said(stranger().post("/login/", {"username": "clerk", "password": PASSWORD}))),
            "untouched": file.read_bytes() == broken,
        }  # fmt: skip
    seen["something else"] |= {
        "begun": command("serve", "--port", "8097"),
        "backup": command("backup", "make"),
    }
    return {"seen": seen}


def killed_while_recording() -> Told:
    seen, before = [], apart(standing)
    paper = 20_000
    whole = apart(dies_at(0, lambda: opens_case(client("clerk"), paper)))
    for statement in (1, 20, 40, 60, 70):  # of the 76 that it takes once somebody has signed in
        answer = apart(dies_at(statement, lambda: opens_case(client("clerk"), paper)))
        seen.append({"answer": answer, "after": apart(standing)})
    return {
        "before": before,
        "whole": whole,
        "seen": seen,
        "again": apart(lambda: opens_case(client("clerk"))),
    }


def killed_while_importing() -> Told:
    checking.CHUNK = 5  # rows to a transaction
    before, tried, seen = apart(standing), apart(lambda: sends_list(client("lister"))), []
    for statement in (40, 100, 160):
        answer = apart(dies_at(statement, lambda: goes_on(client("lister"))))
        page = apart(lambda: page_of_import(client("lister")))
        seen.append({"answer": answer, "after": apart(standing), "page": page})
        apart(a_minute_later)
    again = apart(lambda: goes_on(client("lister")))
    return {"before": before, "tried": tried, "seen": seen, "again": again, "after": apart(standing)}


def goes_on(lister: Client) -> Told:
    """Brings the list in, or goes on where whoever was at it has vanished."""
    run = Import.objects.latest("created_at")
    if run.state == Import.State.CHECKED:
        return brings_in(lister, "skip")
    lister.post(f"/exchange/imports/{run.pk}/", {"deed": "continue"})
    return page_of_import(lister)


def a_minute_later() -> None:
    """Lets the last sign of life of an import be old."""
    run = Import.objects.latest("created_at")
    Import.objects.filter(pk=run.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    for file in (DATA / "exchange").glob("*.progress"):
        os.utime(file, (time.time() - 120,) * 2)


def tell(what: str) -> None:
    """Tries it and prints what was seen. What each child would load anew is loaded first."""
    catalogue()
    get_resolver().url_patterns  # noqa: B018 - loads all views
    json.dump(globals()[what](), sys.stdout, ensure_ascii=False)
