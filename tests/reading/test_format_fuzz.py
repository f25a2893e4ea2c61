"""Valid files of every format, broken in every way: the answer is a Document or a ReadingError, in bounded time."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yifa.reading import ReadingError, read_bytes

from .making import doc_of, docx_of, ofd_of, pdf_of, printed, xls_of, xlsx_of, zip_of
from .test_fuzz import verify

LINES = [
    "南河县2022年法治政府建设工作报告",
    "一、主要工作",
    "办理案件12件，其中简易程序5件、普通程序7件。",
    "二、存在问题",
]
ROWS = [["类别", "件数"], ["处罚", 12.0], ["许可", 0.5]]
PAGE = f"<!DOCTYPE html><html><body><table><tr><td rowspan=2>{LINES[0]}<td>2</table>{LINES[2]}</body></html>".encode()
WHOLE = {
    "pdf": pdf_of(printed(LINES), ["80 700 400 1 re f", "80 600 1 100 re f"]),
    "ofd": ofd_of(printed(LINES)),
    "docx": docx_of(*LINES),
    "doc": doc_of("\n".join(LINES)),
    "xlsx": xlsx_of(ROWS),
    "xls": xls_of(ROWS),
    "html": PAGE,
    "mht": b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE,
}
PACKED = ("ofd", "docx", "xlsx")
LONGEST = 60.0  # seconds; the program stops at 30
CALM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answered(data: bytes) -> None:
    begin = time.perf_counter()
    try:
        verify(read_bytes(data, "材料"))
    except ReadingError as error:
        assert error.message
        assert not any(word in error.message for word in ("Error", "Exception", "Traceback"))
    assert time.perf_counter() - begin < LONGEST


def test_what_is_broken_below_is_whole() -> None:
    for kind, data in WHOLE.items():
        assert read_bytes(data, f"a.{kind}").text, kind


@pytest.mark.parametrize("kind", WHOLE)
@CALM
@given(data=st.data())
def test_bytes_changed_cut_and_doubled(kind: str, data: st.DataObject) -> None:
    broken = bytearray(WHOLE[kind])
    for _ in range(data.draw(st.integers(0, 6))):
        place = data.draw(st.integers(0, max(len(broken) - 1, 0)))
        what = data.draw(st.sampled_from(("change", "cut", "double", "number")))
        if what == "change":
            broken[place : place + 1] = bytes([data.draw(st.integers(0, 255))])
        elif what == "cut":
            del broken[place : place + data.draw(st.integers(1, 64))]
        elif what == "double":
            broken[place:place] = broken[place : place + data.draw(st.integers(1, 64))]
        else:
            value = data.draw(st.sampled_from((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)))
            broken[place : place + 4] = value.to_bytes(4, "little")
    answered(bytes(broken))


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = {kind: parts_of(WHOLE[kind]) for kind in PACKED}


@pytest.mark.parametrize("kind", PACKED)
@CALM
@given(data=st.data())
def test_parts_swapped_lost_and_broken(kind: str, data: st.DataObject) -> None:
    """The archive is sound; what is in it is not."""
    parts = dict(PARTS[kind])
    names = sorted(parts)
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(names))
        what = data.draw(st.sampled_from(("swap", "lose", "cut", "empty", "double", "text")))
        content = parts.get(name, b"")
        if what == "swap":
            parts[name] = parts.get(data.draw(st.sampled_from(names)), b"")
        elif what == "lose":
            parts.pop(name, None)
        elif what == "cut":
            parts[name] = content[: data.draw(st.integers(0, len(content)))]
        elif what == "empty":
            parts[name] = b""
        elif what == "double":
            parts[name] = content + content
        else:
            parts[name] = _with_text(content, data)
    answered(zip_of(parts))


def _with_text(content: bytes, data: st.DataObject) -> bytes:
    """An attribute or a text of the XML turned into something it should not be."""
    quotes = [place for place, byte in enumerate(content) if byte in b'">']
    if not quotes:
        return content
    place = data.draw(st.sampled_from(quotes)) + 1
    odd = data.draw(
        st.sampled_from((b"-1", b"99999999999999999999", b"NaN", b"../../x", b"&x;", b"", b"<w:p>", b"0 0 0"))
    )
    end = min((at for at in (content.find(b'"', place), content.find(b"<", place)) if at >= 0), default=place)
    return content[:place] + odd + content[end:]


@pytest.mark.parametrize("outer", PACKED)
@pytest.mark.parametrize("inner", WHOLE)
def test_files_in_files(outer: str, inner: str) -> None:
    for name in PARTS[outer]:
        answered(zip_of({**PARTS[outer], name: WHOLE[inner]}))
