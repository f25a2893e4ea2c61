"""A form sent twice does its work once: one after the other, and both at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.workbench.conftest import World
from yifa.ledger.actions import CreateOrganization, CreateUser, GrantRole
from yifa.ledger.models import Case, Organization, Role, User
from yifa.ledger.proof.verification import verify
from yifa.workbench.forms import once

ROOT = Path(__file__).parents[2]
AT_ONCE = 6


def opening(organization: Organization) -> dict[str, str | int]:
    return {
        "csrfmiddlewaretoken": "a" * 64,
        "facts-organization": organization.pk,
        "facts-f_content": "示例桥梁的检测报告",
        "on": f"{timezone.localdate()}",
        "first": "receive",
        "anyway": "确属另一件",
    }


def send(client: Client, form: Mapping[str, object]) -> str:
    answer = client.post(reverse("open_case", args=["information_request"]), form)
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def race(user: User, organization: Organization) -> tuple[int, int, int]:
    """The same form sent by several threads: cases opened, pages led to, faults of the ledger."""
    barrier, led = threading.Barrier(AT_ONCE), []
    clients = [Client() for _ in range(AT_ONCE)]
    for client in clients:
        client.force_login(user)
        client.handler.load_middleware()
    shared = clients[0].handler  # one server, one memory
    for client in clients:
        client.handler = shared

    def press(client: Client) -> None:
        barrier.wait()
        try:
            led.append(send(client, opening(organization)))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(led) == AT_ONCE
    return Case.objects.count(), len(set(led)), len(verify().faults)


def test_one_after_the_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, form, before = world.client("officer"), opening(world.office), Case.objects.count()
    page = send(client, form)
    assert send(client, form) == page
    assert Case.objects.count() == before + 1
    assert once.SAID in client.get(page).content.decode()
    assert send(client, form | {"csrfmiddlewaretoken": "b" * 64}) != page  # the form opened anew
    assert send(client, form | {"facts-f_content": "示例道路的验收资料"}) != page  # something else typed
    monkeypatch.setattr(once, "KNOWN", 0.0)
    other = form | {"csrfmiddlewaretoken": "c" * 64}
    assert send(client, other) != send(client, other)  # long after


def test_what_was_refused_is_tried_again(world: World) -> None:
    client, form = world.client("officer"), opening(world.office)
    url = reverse("open_case", args=["information_request"])
    wrong = form | {"on": ""}
    for _ in range(2):
        assert client.post(url, wrong).status_code == 422


def begun() -> tuple[User, Organization]:
    body = CreateOrganization(actor=None, code="body", name="示例", level="county").execute()
    user = CreateUser(actor=None, username="officer", display_name="甲一", organization=body).execute()
    GrantRole(actor=None, user=user, organization=body, role=Role.OFFICER).execute()
    return user, body


SCRIPT = (
    "import django; django.setup(); from tests.workbench.test_once import begun, race; print(*race(*begun()))"
)


def test_at_once_on_sqlite(tmp_path: Path, migrated: Path) -> None:
    shutil.copyfile(migrated, tmp_path / "yifa.sqlite3")
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "YIFA_DATA": str(tmp_path),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "yifa.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["1", "1", "0"], done.stderr


@pytest.mark.django_db(transaction=True)
def test_at_once_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 由上一项测试")
    assert race(*begun()) == (1, 1, 0)


@pytest.mark.usefixtures("world")
def test_a_mended_file_of_the_same_length_is_another_sending() -> None:
    def sent(content: bytes) -> str | None:
        request = RequestFactory().post(
            "/", {"csrfmiddlewaretoken": "a" * 64, "file": SimpleUploadedFile("表.csv", content)}
        )
        request.user = User.objects.earliest("pk")
        found = once._digest(request)
        file = request.FILES["file"]
        assert isinstance(file, UploadedFile)
        assert file.read() == content  # the page still reads it from its beginning
        request.close()
        return found

    for size in (10, 4_000_000):  # held in memory, and in a file of its own
        assert sent(b"1" * size) == sent(b"1" * size)
        assert sent(b"1" * size) != sent(b"1" * (size - 1) + b"2")
