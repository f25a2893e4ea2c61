"""A published text against the signed one, in each format in which it may stand on a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.signing import submitted
from yifa.reporting import page, word
from yifa.reporting.actions import EditSection
from yifa.reporting.models import Report, ReportVersion
from yifa.reporting.published import set_against
from yifa.reporting.versions import texts

pytestmark = pytest.mark.django_db
EXHIBITS = """收到申请{information_requests_received}。
〔表：信息公开申请〕{information_requests_received}、{information_requests_answered}
〔月图：各月信息公开申请〕{information_requests_received}"""


def test_tables_and_charts_are_the_same_in_word_page_and_text(report: Report, tmp_path: Path) -> None:
    EditSection(actor=None, section=report.sections.get(key="openness"), text=EXHIBITS).execute()
    submitted(report)
    version: ReportVersion = report.versions.last()
    word.write(report, tmp_path / "r.docx")
    page.write(report, tmp_path / "r.html")
    text = "\n".join(["网站首页", *texts(version), "打印本页"])
    (tmp_path / "r.txt").write_text(text, encoding="utf-8")
    assert any(line.startswith("表1") for line in texts(version))
    for name in ("r.docx", "r.html", "r.txt"):
        found = set_against(version, (tmp_path / name).read_bytes(), name)
        assert (found.same, found.differences, found.foreign) == (True, (), ()), name
    cell = text.replace("\t4", "\t5", 1)
    assert cell != text
    assert [change.after[-1:] for change in set_against(version, cell.encode(), "r.txt").differences] == ["5"]
