"""SQLite and PostgreSQL give the same scores to the last digit, and still do after a rebuild: set beside each other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.demo import scored
from tests.demo.small import small_county
from tests.standing import standing

ROOT = Path(__file__).parents[2]
ADDRESS = os.environ.get("YIFA_TEST_POSTGRES", "")


@pytest.fixture
def other_database() -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test alone."""
    given, name = urlsplit(ADDRESS), f"yifa_alike_{os.getpid()}"
    with psycopg.connect(urlunsplit(given._replace(path="/postgres")), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(given._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.skipif(not ADDRESS, reason="没有 PostgreSQL 可比（tools/test.py 会备好）")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="在 SQLite 的一轮里已与 PostgreSQL 比过")
def test_both_databases_give_the_same_scores(db: None, other_database: str, tmp_path: Path) -> None:
    """Every indicator of every set, every unit of the smaller demonstration."""
    environment = os.environ | {"DATABASE_URL": other_database, "YIFA_DATA": str(tmp_path)}
    command = [sys.executable, "-m", scored.__name__]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        standing(small_county)
        here = scored.twice()
        there, _ = process.communicate(timeout=600)
    assert process.returncode == 0
    vendor, *scores = json.loads(there)
    assert vendor == "postgresql" and connection.vendor == "sqlite"
    before, after = here
    assert before == after == scores[0] == scores[1]
    lost = [line for unit in before.values() for line in unit["lines"] if line["points"] != line["of"]]
    assert len(before) > 20 and len(lost) > 50
