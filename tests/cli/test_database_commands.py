"""Commands on accounts and the calendar, as a person at the server calls them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from yifa.cli import run
from yifa.cli.serve import _hold
from yifa.exchange.models import Import
from yifa.law.errors import YifaError
from yifa.ledger.actions import CreateOrganization, CreateUser, StoreAttachment
from yifa.ledger.models import Organization, Record, User

NOTICE = """year: 2027
document: 试验用的放假通知
holidays:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-03}
  - {name: 春节, from: 2027-02-05, to: 2027-02-12}
  - {name: 清明节, from: 2027-04-03, to: 2027-04-05}
  - {name: 劳动节, from: 2027-05-01, to: 2027-05-05}
  - {name: 端午节, from: 2027-06-09, to: 2027-06-11}
  - {name: 中秋节, from: 2027-09-15, to: 2027-09-17}
  - {name: 国庆节, from: 2027-10-01, to: 2027-10-07}
workdays: [2027-02-14, 2027-10-09]
"""


@pytest.fixture
def body(db: None, settings: LazySettings, tmp_path: Path) -> Organization:
    settings.DATA = tmp_path
    return CreateOrganization(actor=None, code="body", name="试行县人民政府", level="county").execute()


def test_a_holiday_notice_is_kept_and_recorded(
    body: Organization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "放假.yaml"
    given.write_text(NOTICE, encoding="utf-8")
    assert run(["calendar", "import", str(given)]) == 0
    assert (tmp_path / "calendar" / "2027.yaml").read_text(encoding="utf-8") == NOTICE
    assert Record.objects.filter(kind="calendar.kept").count() == 1
    assert "重新计算" in capsys.readouterr().err


def test_a_wrong_notice_is_refused_whole(
    body: Organization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "放假.yaml"
    given.write_text(NOTICE.replace("2027-02-14", "2027-02-15"), encoding="utf-8")
    assert run(["calendar", "import", str(given)]) == 2
    assert not (tmp_path / "calendar").exists()
    assert not Record.objects.filter(kind="calendar.kept").exists()
    assert "2027" in capsys.readouterr().err


def test_a_lost_password_is_set_anew(body: Organization, capsys: pytest.CaptureFixture[str]) -> None:
    CreateUser(
        actor=None, username="zhang", password="first-password", display_name="张示例", organization=body
    ).execute()
    assert run(["account", "password", "zhang", "--password", "second-password"]) == 0
    assert User.objects.get(username="zhang").check_password("second-password")
    assert "second-password" not in "".join(Record.objects.values_list("payload", flat=True))
    assert run(["account", "password", "li", "--password", "second-password"]) == 2
    assert "没有“li”这个账号" in capsys.readouterr().err
    assert run(["account", "list"]) == 0
    assert "张示例" in capsys.readouterr().err


def test_the_emergency_account_is_opened_and_closed_at_the_server(
    body: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["account", "emergency", "yingji"]) == 0
    said = capsys.readouterr()
    (secret,) = re.findall(r"初始密码：(\S+)（", said.out + said.err)
    user = User.objects.get(username="yingji")
    assert (user.is_superuser, user.must_change, user.is_active) == (True, True, True)
    assert user.check_password(secret)
    assert user.organization == body
    assert secret not in "".join(Record.objects.values_list("payload", flat=True))
    assert run(["account", "emergency", "yingji"]) == 2  # once only
    assert run(["account", "close", "yingji"]) == 0
    user.refresh_from_db()
    assert not user.is_active
    assert Record.objects.filter(kind__startswith="user.").count() == 2
    assert run(["account", "close", "nobody"]) == 2
    assert "没有“nobody”这个账号" in capsys.readouterr().err


def test_no_emergency_account_before_there_is_a_body(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["account", "emergency", "yingji"]) == 2
    assert "yifa init" in capsys.readouterr().err
    assert not User.objects.exists()


def test_a_closed_account_is_signed_out_and_does_not_come_in(body: Organization, client: Client) -> None:
    CreateUser(
        actor=None, username="zhang", password="first-password-1", display_name="张示例", organization=body
    ).execute()
    form = {"username": "zhang", "password": "first-password-1"}
    assert client.post("/login/", form).status_code == 302
    assert client.get("/account/").status_code == 200
    assert run(["account", "close", "zhang"]) == 0
    assert client.get("/account/").status_code == 302
    assert Client().post("/login/", form).status_code == 200


def test_commands_without_a_body_say_what_to_run(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "build", "--year", "2025", "--out", "报告.docx"]) == 2
    assert "yifa init" in capsys.readouterr().err


def test_a_data_folder_is_served_once(tmp_path: Path, settings: LazySettings) -> None:
    settings.DATA = tmp_path
    held = _hold("127.0.0.1:8000")
    with pytest.raises(YifaError, match=r"另一个正在运行的依法使用（127\.0\.0\.1:8000）") as refused:
        _hold("127.0.0.1:8001")
    assert refused.value.code == "served"
    assert held is not None
    held.close()
    again = _hold("127.0.0.1:8001")
    assert again is not None
    again.close()


def test_an_import_somebody_is_at_is_not_called_gone_on_with(
    body: Organization, capsys: pytest.CaptureFixture[str]
) -> None:
    file = StoreAttachment(actor=None, content="甲\n乙\n".encode(), name="单.csv").execute()
    busy = Import.objects.create(
        target="case:information_request", organization=body, attachment=file, sheet=0, mapping={},
        state=Import.State.RUNNING, worker="other", beat_at=timezone.now(), counts={"new": 6000},
    )  # fmt: skip
    assert run(["import", "continue", str(busy.pk)]) == 2
    said = capsys.readouterr()
    assert "没有接手" in said.err and "60 秒没有动静" in said.err
    assert "6000" not in said.out
