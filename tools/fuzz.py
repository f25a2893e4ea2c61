"""Throw broken files of every format at the readers, guided by coverage. Needs atheris (pip install atheris).

    python tools/fuzz.py FORMAT [libFuzzer options, e.g. -max_total_time=120 -rss_limit_mb=2048]

FORMAT is one of pdf, docx, doc, xlsx, xls, ofd, html, mht, txt. The parser runs in this process, so a crash or an exception
that is no refusal ends the run and leaves the file that caused it beside the corpus.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: pip install atheris")

with atheris.instrument_imports(include=["yifa.reading.load", "doc2docx", "ofdkit"]):
    from yifa.reading import ReadingError
    from yifa.reading.load.excel import load_excel
    from yifa.reading.load.mime import load_mime
    from yifa.reading.load.ofd import load_ofd
    from yifa.reading.load.ole import load_ole
    from yifa.reading.load.page import load_page
    from yifa.reading.load.pdf import load_pdf
    from yifa.reading.load.plain import load_plain
    from yifa.reading.load.word import load_word

from tests.reading import making  # noqa: E402 - from the project's folder, set above

LOADERS = {
    "pdf": load_pdf,
    "docx": load_word,
    "doc": load_ole,
    "xlsx": load_excel,
    "xls": load_ole,
    "ofd": load_ofd,
    "html": load_page,
    "mht": load_mime,
    "txt": load_plain,
}
# Of a zip, the part that is broken: bytes changed in the archive itself only ever fail its check sums.
PART = {
    "docx": "word/document.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "ofd": "Doc_0/Pages/Page_0/Content.xml",
}


def seeds(kind: str) -> list[bytes]:
    """Valid files to begin with."""
    lines = ["某县2022年工作报告", "一、主要工作", "办理案件12件，其中简易程序5件、普通程序7件。"]
    rows = [["类别", "数量"], ["处罚", 12.0], ["许可", 0.5]]
    page = f"<!DOCTYPE html><html><body><table><tr><td rowspan=2>{lines[0]}</td></tr></table><p>{lines[2]}</p></body></html>"
    return {
        "pdf": lambda: [making.pdf_of(making.printed(lines), ["60 700 400 1 re f", "60 600 1 100 re f"])],
        "docx": lambda: [making.docx_of(*lines)],
        "doc": lambda: [making.doc_of("\n".join(lines))],
        "xlsx": lambda: [making.xlsx_of(rows)],
        "xls": lambda: [making.xls_of(rows)],
        "ofd": lambda: [making.ofd_of(making.printed(lines))],
        "html": lambda: [page.encode()],
        "mht": lambda: [
            b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
        ],
        "txt": lambda: ["\n".join(lines).encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16")],
    }[kind]()


def main() -> None:
    """Run libFuzzer over one format."""
    kind = sys.argv.pop(1) if len(sys.argv) > 1 else ""
    if kind not in LOADERS:
        sys.exit(__doc__)
    whole = seeds(kind)
    parts = {}
    if kind in PART:
        with zipfile.ZipFile(io.BytesIO(whole[0])) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        whole = [parts[PART[kind]]]

    def once(data: bytes) -> None:
        with suppress(ReadingError):
            LOADERS[kind](making.zip_of({**parts, PART[kind]: data}) if parts else data, "x")

    with tempfile.TemporaryDirectory(prefix="yifa-fuzz-") as corpus:
        for number, seed in enumerate(whole):
            (Path(corpus) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *sys.argv[1:], corpus], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
