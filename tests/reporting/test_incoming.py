"""Reports of the units below: owed, received, examined, returned, accepted; every delivery kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
import time_machine
from openpyxl import load_workbook

from yifa.ledger.actions import CreateOrganization
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Organization, Record, Role
from yifa.ledger.refusal import ActionRefused
from yifa.reading import ReadingError
from yifa.reporting import word
from yifa.reporting.actions import AcceptReport, BuildReport, ReceiveReport, ReturnReport
from yifa.reporting.duedays import due_days
from yifa.reporting.incoming import sending_back
from yifa.reporting.incoming.owing import owed
from yifa.reporting.models import Delivery, IncomingReport

pytestmark = pytest.mark.django_db
TEXT = """澜亭县住房和城乡建设局2024年度法治政府建设情况报告
现将澜亭县住房和城乡建设局2024年法治政府建设情况报告如下。
一、主要举措和成效
收到政府信息公开申请{received}件，其中予以公开{disclosed}件。
二、存在的不足和原因
{shortcoming}。原因是人手不足，窗口人员更换频繁。
三、党政主要负责人履行推进法治建设第一责任人职责情况
局长两次主持研究信息公开工作，逐件督办超期件。
四、下一年度主要安排
修订办理流程，配齐人员，每季度核对台账。
五、其他需要报告的情况
没有其他需要报告的情况。
澜亭县住房和城乡建设局
2025年1月20日
"""


def text(received: int = 2, disclosed: int = 1, shortcoming: str = "个别申请超期答复") -> bytes:
    return TEXT.format(received=received, disclosed=disclosed, shortcoming=shortcoming).encode()


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel("2025-02-10 10:00:00+08:00", tick=False):
        yield


def receive(busy: Any, content: bytes = b"", **more: Any) -> IncomingReport:
    given = {
        "actor": None,
        "unit": busy.housing,
        "year": 2024,
        "content": content or text(),
        "name": "报告.txt",
    }
    return ReceiveReport(**given | more).execute()


def last(incoming: IncomingReport) -> Delivery:
    found = incoming.deliveries.last()
    assert found is not None
    return found


def test_a_report_that_comes_in_is_kept_checked_and_set_against_the_ledger(busy: Any) -> None:
    incoming = receive(busy)
    delivery = last(incoming)
    assert (incoming.state, delivery.number, delivery.received_on) == ("received", 1, date(2025, 2, 10))
    assert path_of(delivery.attachment_id).read_bytes() == text()
    assert delivery.title == "澜亭县住房和城乡建设局2024年度法治政府建设情况报告"
    assert (delivery.errors, delivery.differing, delivery.remarks) == (0, 0, [])
    received = next(line for line in delivery.compared if line["rule"] == "information_requests_received")
    assert (received["reported"], received["counted"], received["verdict"]) == ("2件", "2", "agrees")
    record = Record.objects.get(kind="incoming.received")
    assert (record.subject_id, record.organization) == (incoming.pk, busy.housing)


def test_a_wrong_number_is_found_by_the_ledger_and_a_wrong_sum_by_the_check(busy: Any) -> None:
    delivery = last(receive(busy, text(received=12, disclosed=15)))
    assert delivery.differing == 2 and delivery.errors >= 1
    differing = [line for line in delivery.compared if line["verdict"] == "differs"]
    assert [(one["reported"], one["counted"], one["difference"]) for one in differing] == [
        ("12件", "2", "10"),
        ("15件", "1", "14"),
    ]
    assert {"ledger.differs"} < {finding["rule"] for finding in delivery.findings}
    assert all(finding["message"] and finding["title"] for finding in delivery.findings)


def test_the_wrong_file_is_named_at_once(busy: Any) -> None:
    content = text().replace("住房和城乡建设局".encode(), "司法局".encode()).replace(b"2024", b"2023")
    remarks = last(receive(busy, content)).remarks
    assert any("2023年度，应报的是2024年度" in remark for remark in remarks)
    assert any("“澜亭县司法局”，不是“澜亭县住房和城乡建设局”" in remark for remark in remarks)
    notice = (
        "关于调整办公时间的通知\n各科室：\n自3月1日起调整办公时间。\n澜亭县住房和城乡建设局\n2025年2月1日\n"
    )
    assert any("拿错了文件" in remark for remark in last(receive(busy, notice.encode())).remarks)


def test_a_text_taken_over_from_another_unit_is_found(busy: Any) -> None:
    copied = (
        "本年度围绕中心工作统筹推进，狠抓关键环节，压实各级责任，逐项对照清单抓好落实，取得了阶段性进展，群众反映良好，"
        * 6
    )
    mine = text(shortcoming=copied.rstrip("，"))
    receive(busy, mine.replace("住房和城乡建设局".encode(), "司法局".encode()), unit=busy.justice)
    rules = {finding["rule"].partition(".")[0] for finding in last(receive(busy, mine)).findings}
    assert rules & {"likeness", "substance", "alike"}, rules


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"content": b"  \n"}, "空的"),
        ({"year": 2026}, "还不能报送"),
        ({"on": date(2025, 2, 11)}, "还没有到"),
        ({"outline": "none_such"}, "没有报告大纲"),
    ],
)
def test_what_makes_no_sense_is_refused(busy: Any, given: dict[str, Any], words: str) -> None:
    with pytest.raises(ActionRefused, match=words):
        receive(busy, given.pop("content", b""), **given)
    assert not IncomingReport.objects.exists()


def test_a_file_nobody_can_read_leaves_nothing_half_done(busy: Any) -> None:
    with pytest.raises(ReadingError):
        receive(busy, b"\x7fELF\x02\x01\x01" + bytes(200), name="报告.docx")
    assert (
        not IncomingReport.objects.exists()
        and not Record.objects.filter(kind__startswith="incoming").exists()
    )


def test_who_may_hand_in_and_who_decides(busy: Any) -> None:
    own, other = busy.user(Role.OFFICER, busy.housing), busy.user(Role.OFFICER, busy.justice)
    with pytest.raises(ActionRefused):
        receive(busy, actor=other)
    incoming = receive(busy, actor=own)
    with pytest.raises(ActionRefused):
        AcceptReport(actor=own, incoming=incoming).execute()
    chief = busy.user(Role.COORDINATOR, busy.body)
    assert AcceptReport(actor=chief, incoming=incoming).execute().state == "accepted"
    with pytest.raises(ActionRefused, match="本级没有上级"):
        receive(busy, unit=busy.body)


def test_returned_corrected_accepted_and_nothing_lost(busy: Any) -> None:
    incoming = receive(busy, text(received=12))
    with pytest.raises(ActionRefused, match="退回理由"):
        ReturnReport(actor=None, incoming=incoming, words=" ").execute()
    incoming = ReturnReport(actor=None, incoming=incoming, words="申请件数与台账不一致。").execute()
    with pytest.raises(ActionRefused, match="已经退回"):
        ReturnReport(actor=None, incoming=incoming, words="再退").execute()
    with pytest.raises(ActionRefused, match="没有待审核"):
        AcceptReport(actor=None, incoming=incoming).execute()
    incoming = receive(busy)
    AcceptReport(actor=None, incoming=incoming).execute()
    assert [(d.number, d.decision, d.words) for d in incoming.deliveries.all()] == [
        (1, "returned", "申请件数与台账不一致。"),
        (2, "accepted", ""),
    ]
    with pytest.raises(ActionRefused, match="已经接收"):
        receive(busy)
    kinds = Record.objects.filter(subject_id=incoming.pk).values_list("kind", flat=True)
    assert list(kinds) == ["incoming.received", "incoming.returned", "incoming.received", "incoming.accepted"]


def test_errors_are_accepted_only_with_a_word(busy: Any) -> None:
    incoming = receive(busy, text(received=12))
    with pytest.raises(ActionRefused, match="与台账不一致1处"):
        AcceptReport(actor=None, incoming=incoming).execute()
    AcceptReport(actor=None, incoming=incoming, words="另有十件为纸质申请，尚未录入台账。").execute()
    assert last(incoming).words.startswith("另有十件")


def test_of_two_who_decide_at_once_the_slower_is_told(busy: Any) -> None:
    incoming = receive(busy)
    mine = IncomingReport.objects.select_related("unit__parent").get(pk=incoming.pk)
    AcceptReport(actor=None, incoming=incoming).execute()
    with pytest.raises(ActionRefused, match="刚被他人审核"):
        ReturnReport(actor=None, incoming=mine, words="内容不全").execute()


def test_a_second_text_replaces_one_that_still_waits(busy: Any) -> None:
    receive(busy, text(received=12))
    incoming = receive(busy)
    assert [d.decision for d in incoming.deliveries.all()] == ["replaced", ""]


def test_who_owes_until_when_and_who_is_late(busy: Any, django_assert_max_num_queries: Any) -> None:
    receive(busy, on=date(2025, 2, 5))
    units = [busy.justice, busy.housing]
    units += [
        CreateOrganization(
            actor=None, code=f"z{n}", name=f"第{n}镇", level="town", parent=busy.body
        ).execute()
        for n in range(12)
    ]
    with django_assert_max_num_queries(4):
        lines = {line.unit.code: line for line in owed(units, 2024, "annual_report")}
    assert lines["zjj"].due == date(2025, 2, 28) and not lines["zjj"].late
    assert lines["sfj"].delivery is None
    assert not lines["sfj"].overdue(date(2025, 2, 28)) and lines["sfj"].overdue(date(2025, 3, 1))


def test_no_day_is_named_that_the_law_does_not_name() -> None:
    assert {due.on for due in due_days("annual_report", "county", 2024)} == {
        date(2025, 2, 28),
        date(2025, 3, 31),
    }
    assert {due.on for due in due_days("annual_report", "county", 2017)} == {date(2018, 3, 31)}
    assert due_days("document_bulletin", "county", 2024) == ()
    assert due_days("none_such", "county", 2024) == ()


def test_what_goes_back_says_every_finding_and_every_differing_figure(busy: Any, tmp_path: Path) -> None:
    incoming = receive(busy, text(received=12, disclosed=15))
    ReturnReport(actor=None, incoming=incoming, words="请逐条修改。").execute()
    delivery = last(incoming)
    sending_back.write_word(delivery, tmp_path / "a.docx")
    paper = docx.Document(str(tmp_path / "a.docx"))
    said = "\n".join(p.text for p in paper.paragraphs)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "退回修改：请逐条修改。" in said and "与台账不一致的数字2个" in said
    assert all(finding["message"] in cells for finding in delivery.findings)
    assert {"12件", "2件", "10"} <= set(cells)
    sending_back.write_excel(delivery, tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book["意见"].max_row == len(delivery.findings) + 1
    assert book["与台账比对"].max_row == len(delivery.compared) + 1


def test_the_report_a_unit_builds_here_comes_in_as_word_without_a_fault(busy: Any, tmp_path: Path) -> None:
    built = BuildReport(actor=None, organization=busy.housing, year=2024).execute()
    word.write(built, tmp_path / "r.docx")
    delivery = last(receive(busy, (tmp_path / "r.docx").read_bytes(), name="r.docx"))
    assert (delivery.errors, delivery.differing, delivery.remarks) == (0, 0, [])
    assert sum(line["verdict"] == "agrees" for line in delivery.compared) >= 5
    assert Organization.objects.get(pk=busy.housing.pk).incoming_reports.count() == 1
