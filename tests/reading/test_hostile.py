"""Files made to hurt: always an answer, in bounded time and memory, in Chinese."""

from __future__ import annotations

import os
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from yifa.reading import ReadingError, read_bytes
from yifa.reading.load import apart as apart_module
from yifa.reading.load import load
from yifa.reading.load.apart import apart

from .making import doc_of, docx_of, ofd_of, ole_of, pdf_of, printed, xls_of, xlsx_of, zip_of

LINES = ["南河县2022年法治政府建设工作报告", "一、主要工作", "办理案件12件。"]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LONGEST = 60.0  # seconds; the limit of the program is 30, the machine may be busy


def refused(data: bytes, name: str = "材料") -> ReadingError:
    begin = time.perf_counter()
    with pytest.raises(ReadingError) as caught:
        read_bytes(data, name)
    assert time.perf_counter() - begin < LONGEST
    assert name in caught.value.message
    assert not any(word in caught.value.message for word in ("Error", "Exception", "Traceback"))
    return caught.value


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def document(xml: str) -> bytes:
    return zip_of({"word/document.xml": xml.encode()})


# Entities and paths


LEVELS = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a0 "啊啊啊啊啊啊啊啊啊啊">{LEVELS}'


def test_entities_do_not_grow() -> None:
    text = (
        f"{ENTITIES}]><w:document {W}><w:body><w:p><w:r><w:t>正文&a9;</w:t></w:r></w:p></w:body></w:document>"
    )
    try:
        assert len(read_bytes(document(text), "报告.docx").text) < 1000
    except ReadingError as error:
        assert error.code in {"damaged", "no_body"}


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_nothing_is_fetched_from_elsewhere(where: str) -> None:
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{where}">]>'
    text = f"{head}<w:document {W}><w:body><w:p><w:r><w:t>正文&e;完</w:t></w:r></w:p></w:body></w:document>"
    try:
        assert "root:" not in read_bytes(document(text), "报告.docx").text
    except ReadingError as error:
        assert error.code in {"damaged", "no_body"}
    ofd = parts_of(ofd_of(printed(LINES)))
    ofd["Doc_0/Document.xml"] = head.encode() + ofd["Doc_0/Document.xml"]
    assert refused(zip_of(ofd)).code in {"damaged", "too_large"}


def test_paths_that_climb_out_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    outside = {"../../evil.xml": b"<x/>", "/evil.xml": b"<x/>", "..\\evil.xml": b"<x/>"}
    assert read_bytes(zip_of({**outside, **parts_of(docx_of(*LINES))}), "报告.docx").figures
    relation = '<Relationship Id="r0" Type="x/aFChunk" Target="../../../../../etc/passwd"/>'
    parts = {
        "word/document.xml": f'<w:document {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<w:body><w:p><w:r><w:t>正文。</w:t></w:r></w:p><w:altChunk r:id="r0"/></w:body></w:document>',
        "word/_rels/document.xml.rels": f"<Relationships>{relation}</Relationships>",
    }
    assert (
        read_bytes(zip_of({name: text.encode() for name, text in parts.items()}), "报告.docx").text
        == "正文。"
    )
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "b"]


# Size


@pytest.mark.parametrize("name", ["word/document.xml", "xl/workbook.xml", "OFD.xml"])
def test_zip_bombs_stay_packed(name: str) -> None:
    assert refused(zip_of({name: b" " * (50 * 1024 * 1024)})).code == "too_large"
    many = zip_of({name: b"<x/>", **{f"a/{place}": b"" for place in range(10_001)}})
    assert refused(many).code == "too_large"


def test_a_zip_that_lies_about_its_sizes() -> None:
    whole = bytearray(zip_of({"word/document.xml": b" " * 2_000_000}))
    place = whole.index(b"PK\x01\x02") + 24
    whole[place : place + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(whole)).code == "damaged"


@pytest.mark.parametrize("char", [b"a", b"<", b" a", "一".encode(), b"\xff", b"9", b"("])
def test_many_megabytes_of_one_character(char: bytes) -> None:
    data = char * (18_000_000 // len(char))
    assert refused(data).code in {"too_large", "binary", "no_body", "empty"}


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "font", "a href=x"])
def test_a_page_of_nested_elements(tag: str) -> None:
    page = f"<!DOCTYPE html><html><body>{f'<{tag}>' * 100_000}正文。</body></html>".encode()
    try:
        assert "正文" in apart("page", page, "网页", seconds=2.0).text
    except ReadingError as error:
        assert error.code in {"too_slow", "no_body"}


@pytest.mark.parametrize("tag", ["w:p", "w:tbl", "w:sdt", "w:ins"])
def test_a_word_file_of_nested_elements(tag: str) -> None:
    nested = f"<{tag}>" * 100_000 + f"</{tag}>" * 100_000
    assert refused(document(f"<w:document {W}><w:body>{nested}</w:body></w:document>")).code == "damaged"


def test_a_word_file_of_a_million_paragraphs() -> None:
    data = document(f"<w:document {W}><w:body>{'<w:p/>' * 450_000}</w:body></w:document>")
    assert refused(data).code in {"no_body", "too_slow", "too_large"}


def test_a_sheet_with_a_cell_at_the_far_end() -> None:
    book = parts_of(xlsx_of([["类别", "件数"]]))
    sheet = book["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    book["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    assert refused(zip_of(book)).code in {"too_large", "damaged"}
    assert (
        read_bytes(xlsx_of([["类别", "件数"]]), "好.xlsx").text == "类别\t件数"
    )  # the next file is read again


def test_a_sheet_of_millions_of_cells() -> None:
    row = "<row>" + '<c t="n"><v>1</v></c>' * 1000 + "</row>"
    book = parts_of(xlsx_of([["类别"]]))
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = f"<worksheet {space}><sheetData>{row * 1200}</sheetData></worksheet>"
    book["xl/worksheets/sheet1.xml"] = sheet.encode()
    assert refused(zip_of(book)).code in {"too_large", "too_slow"}


def test_pages_that_refer_to_themselves() -> None:
    whole = pdf_of(printed(LINES))
    assert refused(whole.replace(b"/Kids [7 0 R]", b"/Kids [2 0 R]")).code in {
        "damaged",
        "no_body",
        "too_large",
    }


# Processes


@pytest.mark.skipif(os.name != "posix", reason="limits of memory are set by POSIX")
def test_a_parser_that_hangs_is_stopped_and_the_next_file_is_read() -> None:
    begin = time.perf_counter()
    with pytest.raises(ReadingError) as caught:
        apart("page", b"<!DOCTYPE html>" + b"<div>" * 400_000, "网页", seconds=1.0)
    assert caught.value.code == "too_slow"
    assert time.perf_counter() - begin < 15
    assert apart("pdf", pdf_of(printed(LINES)), "好.pdf").text.split("\n") == LINES


def test_a_worker_that_was_killed_is_replaced() -> None:
    good = pdf_of(printed(LINES))
    apart("pdf", good, "一.pdf")
    for worker in apart_module._idle:
        worker.process.kill()
        worker.process.wait()
    assert apart("pdf", good, "二.pdf").text.split("\n") == LINES


def test_workers_are_used_again() -> None:
    good = pdf_of(printed(LINES))
    apart("pdf", good, "一.pdf")
    before = [worker.process.pid for worker in apart_module._idle]
    apart("pdf", good, "二.pdf")
    assert before
    assert [worker.process.pid for worker in apart_module._idle] == before


# Names that lie


FILES = {
    "pdf": pdf_of(printed(LINES)), "ofd": ofd_of(printed(LINES)), "docx": docx_of(*LINES), "doc": doc_of("\n".join(LINES)),
    "xlsx": xlsx_of([["类别", "件数"]]), "txt": "\n".join(LINES).encode("gb18030"),
    "html": f"<html><body>{''.join(f'<p>{line}</p>' for line in LINES)}</body></html>".encode(),
}  # fmt: skip


@pytest.mark.parametrize("true", FILES)
@pytest.mark.parametrize("name", ["a.txt", "a.doc", "a.pdf", "a"])
def test_the_content_decides(true: str, name: str) -> None:
    assert load(FILES[true], name).format == true


def test_an_old_workbook_is_a_workbook() -> None:
    assert load(xls_of([["类别", 1.0]]), "a.doc").format == "xlsx"


RTF = b"{\\rtf1\\ansi " + b"\\'d6\\'d0" * 50 + b"}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (RTF, "unsupported"),
        (ole_of(EncryptedPackage=b"x" * 5000, EncryptionInfo=b"y" * 5000), "encrypted"),
        (ole_of(Contents=b"x" * 5000), "unsupported"),
        (ole_of(WordDocument=b"x" * 5000), "damaged"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument'
         b' xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">', "unsupported"),
        (b'<?xml version="1.0"?><a><b/></a>', "wrong_format"),
        (zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), "unsupported"),
        (b"MZ\x90\x00\x03\x00\x00" + b"\x00\x01" * 500, "binary"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_named(data: bytes, expected: str) -> None:
    assert refused(data, "年报.doc").code == expected


def test_letters_that_begin_like_a_program() -> None:
    assert load("MZ镇2022年工作报告".encode(), "a.txt").format == "txt"
    assert load("BM区2022年工作报告".encode(), "a.txt").format == "txt"
