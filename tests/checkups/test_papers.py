"""The certificate as it lies on the table, and words for every rule."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import yaml

import yifa.checkups
from tests.checkups.conftest import report
from yifa.checking import RULES
from yifa.checkups import Checked, Item, Order, Unread, check_files
from yifa.checkups.certificate import file_name, write_certificate
from yifa.checkups.order import edition
from yifa.reading import read

TODAY = date(2026, 11, 22)


def test_every_rule_has_advice_and_no_advice_is_left_over() -> None:
    path = Path(yifa.checkups.__file__).with_name("advice.yaml")
    lines = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(lines) - {"otherwise", "rule.failed", "ledger.differs"} == {rule.id for rule in RULES}
    assert all(line.endswith("。") for line in lines.values())


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="这台机器没有 LibreOffice：体检单没有在 PDF 上看")
def test_the_certificate_on_paper(tmp_path: Path) -> None:
    (result,) = check_files([Item("报告.txt", report(1).encode())])
    path = tmp_path / "体检单.docx"
    write_certificate([result, Unread("空.txt", "empty", "「空.txt」是空文件。")], path, Order().rules, TODAY)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pdf = pypdfium2.PdfDocument(tmp_path / "体检单.pdf")
    try:
        pages = [page.get_textpage().get_text_range() for page in pdf]
        pages = ["".join(page.split()) for page in pages]
        size = pdf[0].get_size()
    finally:
        pdf.close()
    assert [round(length / 72 * 25.4) for length in size] == [210, 297]
    whole = "".join(pages)
    assert pages[0].startswith("报告体检单")
    assert pages[-1].startswith("报告体检单")
    assert "是空文件" in pages[-1]
    assert isinstance(result, Checked)
    for words in (result.sha256[:30], edition()[:6], "31＋40＋20＝91", "改法：", "2026年11月22日"):
        assert words in whole
    assert "—1—" in pages[0]


def test_the_reader_finds_its_way_in_a_certificate(tmp_path: Path) -> None:
    results = check_files([Item("报告.txt", report(1).encode())])
    write_certificate(results, tmp_path / "体检单.docx", Order().rules, TODAY)
    document = read(tmp_path / "体检单.docx")
    assert [heading.title for heading in document.outline] == ["体检结论", "发现的问题", "运行的规则"]


def test_names_of_certificates_never_collide() -> None:
    taken: set[str] = set()
    results = [
        Unread(path, "empty", "")
        for path in ("甲/报告.txt", "乙/报告.docx", "-", "丙/" + "长" * 300 + ".txt")
    ]
    names = [file_name(result, taken) for result in results]
    assert len(set(names)) == 4
    assert names[:2] == ["报告-体检单.docx", "报告-体检单（2）.docx"]
    assert all(len(name.encode()) <= 255 for name in names)
