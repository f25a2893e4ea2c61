"""Offices of their own for the tests of a machine that fails: a founded one to copy, and a way to let one run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Told = dict[str, Any]
Office = Callable[[str], Told]
SMALL = "24m"  # the disk of an office: room for all that is tried, and soon filled
CALL = "import sys, django; django.setup(); from tests.hardship.office import tell; tell(sys.argv[1])"


def _runs(folder: Path, what: str, *before: str) -> Told:
    done = subprocess.run(
        [*before, sys.executable, "-c", CALL, what],
        env={
            **os.environ, "PYTHONPATH": os.pathsep.join(sys.path),  # the code that is tested here
            "YIFA_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "yifa.settings",
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: Told = json.loads(done.stdout)
    return told


@pytest.fixture(scope="session")
def founded(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an office that has just been founded."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copyfile(migrated, folder / "yifa.sqlite3")
    _runs(folder, "founded")
    return folder


@pytest.fixture
def office(founded: Path, tmp_path: Path) -> Office:
    """Lets an office of its own try something, on the machine's own disk."""

    def run(what: str) -> Told:
        shutil.copytree(founded, tmp_path / "office")
        return _runs(tmp_path / "office", what)

    return run


@pytest.fixture
def small_disk(founded: Path, tmp_path: Path) -> Office:
    """Lets an office try something whose disk is small, its own and seen by nobody else."""
    mount = f'mount -t tmpfs -o size={SMALL} none "$0"'
    apart = shutil.which("unshare")
    if apart is None or subprocess.run([apart, "-rm", "sh", "-c", mount, tmp_path], check=False).returncode:
        pytest.skip("这台机器不让程序给自己挂一个小磁盘（unshare -rm）：写满、只读的测试跳过")

    def run(what: str) -> Told:
        begin = f'{mount} && cp -r "$1/." "$0" && shift && exec "$@"'
        return _runs(tmp_path, what, apart, "-rm", "sh", "-c", begin, str(tmp_path), str(founded))

    return run
