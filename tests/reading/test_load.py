"""Files of every sort: what they hold is read, or refused in plain Chinese with a stable code."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from docx import Document as new_docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from yifa.reading import ReadingError, read, read_bytes, read_text
from yifa.reading.load import LARGEST_FILE
from yifa.reading.load.numbering import chinese_written
from yifa.reading.load.plain import decode

TEXT = (
    "南河县2022年法治政府建设工作报告\n现将有关情况报告如下。\n一、主要工作\n（一）执法。办理案件12件，开展培训3次。\n"
    "二、存在问题\n力量不足。\n"
)
W = nsdecls("w")


def code(data: bytes, name: str = "材料.txt") -> str:
    with pytest.raises(ReadingError) as caught:
        read_bytes(data, name)
    assert name in caught.value.message
    assert not any(word in caught.value.message for word in ("Error", "Exception", "Traceback"))
    return caught.value.code


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16-le"),
    ],
)
def test_encodings_give_one_text(encoding: str, expected: str) -> None:
    document = read_bytes(TEXT.encode(encoding), "a.txt")
    assert document.text == TEXT
    assert document.source.encoding == expected
    assert [figure.value for figure in document.figures] == [12, 3]


def test_a_list_of_figures_with_few_characters_is_not_called_damaged() -> None:
    data = ("编号\n" + "\n".join(f"GD{n:06d},{n % 7}" for n in range(2000))).encode("gb18030")
    assert decode(data, "单.csv") == (data.decode("gb18030"), "gb18030", ())


def test_big5_is_told_from_gb18030() -> None:
    traditional = "南河縣政府工作報告。現將有關情況報告如下，全年辦理案件12件，設立機關服務點，進行監督。"
    document = read_bytes(traditional.encode("big5"), "a.txt")
    assert document.source.encoding == "big5"
    assert document.text.startswith("南河县政府工作报告")


def test_a_few_broken_bytes_are_read_and_marked() -> None:
    data = (TEXT * 20).encode("utf-8")
    document = read_bytes(data[:-2] + b"\xff\n", "a.txt")
    assert any(mark.detail.get("what") == "encoding" for mark in document.marks)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t ", b"\x00" * 50])
def test_empty(data: bytes) -> None:
    assert code(data) == "empty"


def test_what_is_no_text() -> None:
    assert code(bytes(range(256)) * 40) == "binary"
    assert code(b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 400, "图.txt") == "binary"
    assert code(b"%PDF-1.7\n...", "a.docx") == "damaged"


def test_old_office_and_locked_office() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
    assert code(ole + "WordDocument".encode("utf-16-le"), "a.doc") == "damaged"


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def test_zips_that_are_no_word_document() -> None:
    assert code(packed(readme=b"x"), "a.docx") == "wrong_format"
    assert code(packed(xl__workbook_xml=b"<x/>"), "a.xlsx") == "damaged"
    assert code(packed(OFD_xml=b"<x/>"), "a.ofd") == "damaged"
    assert code(packed(word__document_xml=b"<x/>"), "a.docx") == "damaged"
    assert code(docx_of("正文。")[:-40], "a.docx") == "damaged"


def test_a_locked_zip() -> None:
    data = bytearray(packed(word__document_xml=b"<x/>"))
    at = data.index(b"PK\x01\x02") + 8
    data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    assert code(bytes(data), "a.docx") == "encrypted"


def test_a_zip_bomb_is_not_opened() -> None:
    assert code(packed(word__document_xml=b" " * (60 * 1024 * 1024)), "a.docx") == "too_large"


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(ReadingError) as caught:
        read(path)
    assert caught.value.code == "too_large"


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.txt", tmp_path):
        with pytest.raises(ReadingError) as caught:
            read(path)
        assert caught.value.code == "missing"


def test_menus_without_text_are_refused() -> None:
    shell = "\n".join(["首页", "政务公开", "机构职能", "法治政府建设报告", "通知公告", "数据发布"] * 20)
    with pytest.raises(ReadingError) as caught:
        read_text(shell)
    assert caught.value.code == "no_body"


# Word


def docx_of(*paragraphs: str) -> bytes:
    document = new_docx()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


LEVELS = (
    ("chineseCountingThousand", "%1、"),
    ("chineseCountingThousand", "（%2）"),
    ("decimal", "%3."),
)


def numbered_document() -> bytes:
    document = new_docx()
    root = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(LEVELS)
    )
    root.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="77">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    style = document.styles["Heading 1"].element
    style.get_or_add_pPr().append(parse_xml(f'<w:numPr {W}><w:numId w:val="77"/></w:numPr>'))
    document.add_paragraph("北山县2021年法治政府建设情况报告")
    rows = [
        ("主要工作", 0),
        ("规范执法", 1),
        ("严格检查。检查12次。", 2),
        ("加强评查。评查5卷。", 2),
        ("强化监督", 1),
    ]
    rows += [("存在问题", 0), ("力量不足", 1)]
    for text, depth in rows:
        if depth == 0:
            document.add_paragraph(text, style="Heading 1")
        else:
            properties = document.add_paragraph(text)._p.get_or_add_pPr()
            properties.append(
                parse_xml(f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>')
            )
    return saved(document)


def test_automatic_numbers_of_word_become_text() -> None:
    document = read_bytes(numbered_document(), "报告.docx")
    assert document.source.format == "docx"
    assert [(h.level, h.number, h.title) for h in document.headings()] == [
        (1, "一、", "主要工作"),
        (2, "（一）", "规范执法"),
        (3, "1.", "严格检查"),
        (3, "2.", "加强评查"),
        (2, "（二）", "强化监督"),
        (1, "二、", "存在问题"),
        (2, "（一）", "力量不足"),
    ]
    assert [figure.text for figure in document.figures] == ["12次", "5卷"]


INNER = "<w:txbxContent><w:p><w:r><w:t>框内3次</w:t></w:r></w:p></w:txbxContent>"


def test_tables_text_boxes_and_deleted_words() -> None:
    document = new_docx()
    document.add_paragraph("正文开头。")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "行政处罚"
    table.cell(0, 1).text = "12件"
    box = document.add_paragraph("框前。")
    box._p.append(
        parse_xml(
            f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
            f'<mc:Choice Requires="wps"><w:drawing>{INNER}</w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict>{INNER}</w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )
    changed = document.add_paragraph("修订")
    changed._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>删去</w:delText></w:r></w:del>"))
    changed._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>增加</w:t></w:r></w:ins>"))
    lines = read_bytes(saved(document), "a.docx").text.split("\n")
    assert lines == ["正文开头。", "行政处罚\t12件", "框前。", "框内3次", "修订增加"]


def test_a_docx_named_txt_is_read_for_what_it_is() -> None:
    assert read_bytes(docx_of("全年办理案件12件。"), "a.txt").source.format == "docx"


def test_numbers_in_characters() -> None:
    assert [chinese_written(n) for n in (1, 10, 12, 20, 36, 100, 105, 110, 120)] == [
        "一", "十", "十二", "二十", "三十六", "一百", "一百零五", "一百一十", "一百二十",
    ]  # fmt: skip


# Web pages

PAGE = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>西河区2023年法治政府建设年度报告_西河区人民政府</title><script>var a="。。。";</script></head><body>
<div class="header"><ul><li><a>首页</a></li><li><a>政务公开</a></li></ul></div>
<div class="main"><div class="position">当前位置：首页 &gt; 公开</div><h1>西河区2023年法治政府建设年度报告</h1>
<div class="share">分享到：微信 微博</div>
<div id="zoom"><p>&emsp;&emsp;2023年，西河区坚持依法行政。现将法治政府建设情况报告如下。</p><p>一、主要工作</p>
<p>（一）执法。<span>办理案件</span><b>36</b>件。</p><p>二、存在问题</p><p>力量不足。<br>经费不够。</p>
<p>西河区人民政府</p><p>2024年1月5日</p></div></div>
<div class="footer">版权所有：西河区人民政府 备案号：某123</div></body></html>"""


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_whole_scraped_page(encoding: str) -> None:
    document = read_bytes(PAGE.encode(encoding), "page.txt")
    assert document.source.format == "html"
    assert document.title == "西河区2023年法治政府建设年度报告"
    assert document.issuer == "西河区人民政府"
    assert document.dated is not None
    assert document.dated.isoformat() == "2024-01-05"
    assert [figure.text for figure in document.figures] == ["36件"]
    assert [heading.title for heading in document.outline] == ["主要工作", "存在问题"]
    for foreign in ("政务公开", "微博", "版权", "备案", "var a"):
        assert foreign not in document.text


def test_a_page_without_text() -> None:
    assert code(b"<!DOCTYPE html><html><body><script>load()</script></body></html>", "a.html") == "no_body"
