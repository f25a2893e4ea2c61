"""What people get wrong on the way through the chain: one clear Chinese line, and the ledger as it was before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.county import County
from tests.scenarios.acting import play
from yifa.cli import run
from yifa.ledger.actions import ActionRefused, CorrectAct, RecordAct
from yifa.ledger.models import Attachment, Record, Subject
from yifa.ledger.proof.verification import verify
from yifa.planning.models import Plan
from yifa.reporting.models import Report

pytestmark = pytest.mark.django_db
NUMBERED = "澜亭县2026年法治政府建设工作要点\n一、规范执法\n（一）加强培训。举办培训。\n"


@pytest.fixture
def unchanged(county: County) -> Iterator[County]:
    """A county in whose ledger nothing happens during the test; that something was tried may stand beside it."""
    records = Record.objects.exclude(subject=Subject.ATTEMPT)
    before = records.count()
    yield county
    assert records.count() == before
    assert not Plan.objects.exists() and not Report.objects.exists()
    assert not verify().faults


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a refused command says: status 2, nothing on the output, one line for the person."""
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err.strip()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("今年要把法治政府建设工作抓好，各单位认真落实。".encode(), "没有找到带编号的工作事项"),
        (
            "澜亭县2025年度法治政府建设情况报告\n一、主要举措和成效\n办理案件12件。\n二、存在的不足\n力量不足。\n".encode(),
            "看起来是一份年度报告",
        ),
        (b"", "空"),
        (bytes(range(256)) * 40, "文件"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(3000),
            "已损坏",
        ),
    ],
    ids=["no numbers", "a report", "empty", "binary", "damaged"],
)
def test_a_plan_that_is_none_is_not_imported(
    unchanged: County, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, words: str
) -> None:
    path = tmp_path / "要点.txt"
    path.write_bytes(content)
    message = said(capsys, "plan", "import", str(path), "--year", "2026")
    assert words in message and "要点.txt" in message


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "import", "{plan}", "--year", "20"], "四位数的年份"),
        (
            ["plan", "import", "{plan}", "--year", "2026", "--organization", "澜亭县公安局"],
            "相近的有：澜亭县",
        ),
        (["plan", "import", "{none}", "--year", "2026"], "没有的.txt"),
        (["report", "build", "--year", "2999", "--out", "{out}"], "年度"),
        (["report", "build", "--year", "2025"], "--out"),
        (["ledger", "verify", "--file", "{plan}"], "不是依法的台账导出文件"),
        (["ledger", "export", "{folder}/没有/台账.jsonl"], "不存在，没有导出"),
        (["init", "--name", "另一个县", "--level", "county"], "没有改动"),
        (["init", "--name", "另一个县", "--level", "village"], "county"),
    ],
    ids=["year", "unit", "no file", "future", "no target", "no export", "no folder", "again", "level"],
)
def test_a_wrong_call_says_what_and_how(
    unchanged: County, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    plan = tmp_path / "要点.txt"
    plan.write_text(NUMBERED, encoding="utf-8")
    places = {
        "plan": plan,
        "none": tmp_path / "没有的.txt",
        "out": tmp_path / "报告.docx",
        "folder": tmp_path,
    }
    message = said(capsys, *(argument.format(**places) for argument in arguments))
    assert words in message
    assert not (tmp_path / "报告.docx").exists()


def test_without_a_body_every_command_says_how_to_begin(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plan = tmp_path / "要点.txt"
    plan.write_text(NUMBERED, encoding="utf-8")
    for arguments in (
        ["plan", "import", str(plan), "--year", "2026"],
        ["report", "build", "--year", "2025", "--out", str(tmp_path / "报告.docx")],
    ):
        assert "yifa init --name" in said(capsys, *arguments)
    assert not Record.objects.exists()


def before_the_beginning(case: Any) -> None:
    RecordAct(actor=None, case=case, act="deliver", on=date(2024, 2, 1)).execute()


def corrected_to_a_day_to_come(case: Any) -> None:
    CorrectAct(actor=None, case=case, position=1, changes={"on": date(2099, 1, 1)}, reason="录错").execute()


def lost_upload(case: Any) -> None:
    papers = [{"title": "答复书", "attachment": "0" * 64}]
    RecordAct(actor=None, case=case, act="deliver", on=date(2024, 10, 22), evidence=papers).execute()


def seen_too_early(case: Any) -> None:
    RecordAct(actor=None, case=case, act="deliver", on=date(2024, 10, 22), expected_length=1).execute()


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        (before_the_beginning, "refused", "早于事项开始的日期（2024年9月18日"),
        (corrected_to_a_day_to_come, "invalid", "还没有发生的事"),
        (lost_upload, "missing", "请重新上传后再保存"),
        (seen_too_early, "conflict", "刚被他人更新"),
    ],
)
def test_a_step_that_cannot_stand_leaves_the_case_as_it_was(
    county: County, step: Callable[[Any], None], code: str, words: str
) -> None:
    case = play("information_request/boundary_day", county.body).standing
    before = list(Record.objects.filter(subject=Subject.CASE).values_list("digest", flat=True))
    with pytest.raises(ActionRefused) as refused:
        step(case)
    assert (refused.value.code, words in refused.value.message) == (code, True), refused.value.message
    assert list(Record.objects.filter(subject=Subject.CASE).values_list("digest", flat=True)) == before
    assert not Attachment.objects.exists() and not verify().faults
