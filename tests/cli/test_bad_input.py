"""Files that cannot be read, through the command: one clear Chinese line each, status 2, never a trace."""

from __future__ import annotations

import io
import json
import os
import random
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from yifa.cli import run
from yifa.law.nodes import YamlError, parse_yaml

TEXT = "柳坝县2021年法治政府建设年度报告\n现将柳坝县2021年法治政府建设情况报告如下。\n一、主要举措\n办理案件12件。\n"
NOISE = random.Random(5).randbytes(20_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
SLOWEST = 5.0  # seconds for one bad file; all take a fraction of it


def word() -> bytes:
    document = docx.Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def entities() -> bytes:
    """A Word document whose text is a thousand million characters once its entities are resolved."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "x">{lines}]><w:document xmlns:w="http://schemas.'
        'openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>'
    )
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as good, zipfile.ZipFile(target, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, body.encode() if name == "word/document.xml" else good.read(name))
    return target.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "空.txt": (lambda: b"", "empty"),
    "空白.txt": (lambda: b" \n\t\r\n", "empty"),
    "零.txt": (lambda: bytes(1000), "empty"),
    "图.png": (lambda: b"\x89PNG\r\n\x1a\n" + NOISE, "binary"),
    "程序.txt": (lambda: b"MZ\x90\x00" + NOISE, "binary"),
    "图.docx": (lambda: b"\x89PNG\r\n\x1a\n" + NOISE, "binary"),
    "噪声.docx": (lambda: NOISE, "binary"),
    "断头.docx": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(3000), "damaged"),
    "断头.doc": (lambda: OLE + "WordDocument".encode("utf-16-le") + bytes(3000), "damaged"),
    "噪声.pdf": (lambda: b"%PDF-1.7\n" + NOISE, "damaged"),
    "断尾.pdf": (lambda: b"%PDF-1.7\n/Encrypt 5 0 R\n", "damaged"),
    "空壳.xlsx": (lambda: zipped(xl__workbook_xml=b"<w/>"), "damaged"),
    "包.zip": (lambda: zipped(any=TEXT.encode()), "wrong_format"),
    "截断.docx": (lambda: word()[:9000], "damaged"),
    "缺尾.docx": (lambda: word()[:-30], "damaged"),
    "空壳.docx": (lambda: zipped(word__document_xml=b"<w/>"), "damaged"),
    "实体.docx": (entities, "damaged"),
    "炸弹.docx": (lambda: zipped(word__document_xml=bytes(300 * 1024 * 1024)), "too_large"),
    "无正文.html": ("<html><head><title>年报</title></head></html>".encode, "no_body"),
    "脚本.html": (lambda: b"<html><body><script>load()</script><div id=app></div></body></html>", "no_body"),
}


@pytest.mark.parametrize("command", ["read", "check"])
@pytest.mark.parametrize("name", BAD)
def test_bad_file(name: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, code = BAD[name]
    path = tmp_path / name
    path.write_bytes(content())
    begun = time.perf_counter()
    assert run([command, str(path), "--json"]) == 2
    assert time.perf_counter() - begun < SLOWEST
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"]["code"] == code
    assert name in answer["error"]["message"]
    assert run([command, str(path)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "错误：" in shown.err
    assert "Traceback" not in shown.err


def test_a_huge_file_is_refused_unread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(110 * 1024 * 1024)
    tracemalloc.start()
    assert run(["check", str(path), "--json"]) == 2
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "too_large"
    assert "110 MB" in error["message"]


def test_missing_file_and_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", str(tmp_path / "没有.txt"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "missing"
    (tmp_path / "空夹").mkdir()
    assert run(["check", str(tmp_path / "空夹")]) == 2
    assert "没有可读的文件" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "锁.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    assert run(["check", str(path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "missing"


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("文本.docx", TEXT.encode(), "txt"),
        ("文档.txt", word(), "docx"),
        ("网页.txt", f"<html><body><p>{TEXT}</p></body></html>".encode(), "html"),
    ],
)
def test_a_wrong_suffix_is_said_and_the_file_read(
    name: str, content: bytes, format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert run(["read", str(path), "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["source"]["format"] == format
    said = shown.err.replace("\n", "")
    assert name in said
    assert "已按内容读取" in said


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "utf-8-sig"])
def test_encodings(encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert run(["read", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["year"], answer["title"]) == (2021, "柳坝县2021年法治政府建设年度报告")
    assert answer["figures"][0]["value"] == 12


@pytest.mark.parametrize("name", [b"\xe6\x80\xaa [x] $(a) '\"\n.txt", b"bad\xff\xfename.txt", b"--json.txt"])
def test_strange_names(name: bytes, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text(TEXT, encoding="utf-8")
    assert run(["check", str(path), "--json"]) == 0
    assert json.loads(capsysbinary.readouterr().out.decode("utf-8"))["year"] == 2021
    assert run(["check", str(path)]) == 0
    path.write_bytes(b"")
    assert run(["check", str(path)]) == 2
    assert "是空文件" in capsysbinary.readouterr().err.decode("utf-8").replace("\n", "")


def test_good_files_are_still_printed_beside_bad_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "好.txt", tmp_path / "坏.docx"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_bytes(word()[:9000])
    assert run(["check", str(bad), str(good), "--json"]) == 2
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["error"]["code"] == "damaged"
    assert second["year"] == 2021


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "make", "备份", "x"], "多写了“备份 x”"),
        (["serve", "--port"], "--port 后面要写值"),
        (["serve", "--demo=1"], "--demo 后面不写值"),
        (["serve", "--prt", "1"], "没有 --prt 这个选项，是否想写 --port"),
        (["backup", "restore"], "缺少 文件"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    assert f"错误：{said}。加 --help 可看用法。" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["a: \x03b", "a: %b", "x: \ufffe"])
def test_a_fault_in_a_data_file_is_told_in_chinese(text: str) -> None:
    with pytest.raises(YamlError) as refused:
        parse_yaml(Path("放假通知.yaml"), f"# 注\n{text}\n")
    assert "第 2 行" in str(refused.value)
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", str(refused.value))
