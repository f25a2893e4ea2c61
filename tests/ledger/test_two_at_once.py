"""Two people really at once: processes on one SQLite file, threads on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.ledger.conftest import Town
from yifa.ledger.actions import ActionRefused, RecordAct
from yifa.ledger.models import Case, Record
from yifa.ledger.proof import verification
from yifa.ledger.proof.verification import verify

ROOT = Path(__file__).parents[2]
RACERS = 4

PREPARE = """
from datetime import date
from yifa.ledger.actions import CreateOrganization, OpenCase
body = CreateOrganization(actor=None, code="body", name="示例", level="county").execute()
case = OpenCase(actor=None, organization=body, case_type="information_request", on=date(2024, 9, 20)).execute()
print(case.pk, case.length)
"""
RACE = """
import sys
from datetime import date
from yifa.ledger.actions import ActionRefused, RecordAct
from yifa.ledger.models import Case
case = Case.objects.get(pk=sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
try:
    RecordAct(actor=None, case=case, act="extend", on=date(2024, 9, 25), fields={"days": 5},
              expected_length=int(sys.argv[2])).execute()
    print("recorded")
except ActionRefused as refused:
    print(refused.code)
"""
LOOK = """
from yifa.ledger.models import CaseAct, Record
from yifa.ledger.proof.verification import verify
print(CaseAct.objects.count(), Record.objects.filter(subject="case").count(), len(verify().faults))
"""


def start(script: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "YIFA_DATA": str(folder),
        "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "yifa.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", "import django; django.setup()\n" + script, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], said: str = "") -> str:
    output, _ = process.communicate(said, timeout=60)
    assert process.returncode == 0
    return output.strip()


def test_processes_on_one_sqlite_file(tmp_path: Path, migrated: Path) -> None:
    shutil.copyfile(migrated, tmp_path / "yifa.sqlite3")
    case, length = finish(start(PREPARE, tmp_path)).split()
    racers = [start(RACE, tmp_path, case, length) for _ in range(RACERS)]
    for racer in racers:
        assert racer.stdout is not None and racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    outcomes = Counter(finish(racer) for racer in racers)
    assert outcomes == {"recorded": 1, "conflict": RACERS - 1}
    assert finish(start(LOOK, tmp_path)) == "2 3 0"


@pytest.mark.django_db(transaction=True)
def test_threads_on_postgresql(place: Town) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 由上一项测试")
    case = place.request()
    barrier = threading.Barrier(RACERS)
    outcomes: list[str] = []

    def race() -> None:
        mine = Case.objects.get(pk=case.pk)
        barrier.wait()
        try:
            RecordAct(
                actor=None,
                case=mine,
                act="extend",
                on=date(2024, 9, 25),
                fields={"days": 5},
                expected_length=2,
            ).execute()
            outcomes.append("recorded")
        except ActionRefused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _ in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"recorded": 1, "conflict": RACERS - 1}
    assert Record.objects.filter(subject="case").count() == 3 and not verify().faults


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_while_postgresql_is_verified_is_no_fault(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 的读取由一个未读完的查询保持同一时刻")
    monkeypatch.setattr(verification, "STRETCH", 1)
    cases = [place.request() for _ in range(3)]

    def record() -> None:
        for case in cases:
            place.answer(Case.objects.get(pk=case.pk))
        place.request()
        connection.close()

    started: list[threading.Thread] = []

    def work(_: int, __: int) -> None:
        if not started:
            started.append(threading.Thread(target=record))
            started[0].start()
            started[0].join()

    before = Record.objects.count()
    result = verify(work)
    assert (result.faults, result.records) == ((), before) and Record.objects.count() > before
    assert not verify().faults
