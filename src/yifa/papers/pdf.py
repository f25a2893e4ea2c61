"""A Word file as PDF, through the office program of the machine (docs/decisions/0098)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from yifa.law.errors import YifaError
from yifa.papers.writing import written_whole

PROGRAM = "YIFA_OFFICE"  # where the office program is, if not where it usually is
USUAL = (
    "soffice",
    "libreoffice",
    "/usr/bin/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
SECONDS = 120
AT_ONCE = 2  # conversions in one process: each takes some hundred megabytes
ARCHIVAL = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'  # PDF/A-2b: all fonts inside
)
FONTS: Mapping[str, tuple[str, ...]] = {  # what stands in where a font of the standard is not there, best first
    "仿宋_GB2312": ("FangSong_GB2312", "FangSong", "仿宋", "STFangsong", "方正仿宋_GBK", "Noto Serif CJK SC"),
    "楷体_GB2312": ("KaiTi_GB2312", "KaiTi", "楷体", "STKaiti", "方正楷体_GBK", "AR PL UKai CN", "Noto Serif CJK SC"),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "STZhongsong", "华文中宋", "Noto Serif CJK SC", "SimSun"),
    "黑体": ("SimHei", "STHeiti", "方正黑体_GBK", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    "宋体": ("SimSun", "STSong", "方正书宋_GBK", "Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN"),
}  # fmt: skip


_places = threading.BoundedSemaphore(AT_ONCE)


class NoOfficeError(YifaError):
    """There is no office program on this machine."""

    code = "no_office"


class ConversionError(YifaError):
    """The office program has not made a PDF."""

    code = "not_converted"


def office() -> str | None:
    """The office program of this machine."""
    named = os.environ.get(PROGRAM)
    for place in (named,) if named else USUAL:
        found = shutil.which(place) or (place if Path(place).is_file() else None)
        if found:
            return found
    return None


def require_office() -> str:
    """The same, or NoOfficeError: asked before long work that would end in vain."""
    program = office()
    if program is None:
        raise NoOfficeError(
            "这台机器没有 LibreOffice，不能直接生成 PDF。请安装 LibreOffice（或者用环境变量 YIFA_OFFICE 写明它在哪里）；"
            "也可以先下载 Word 文件，用 Word 或 WPS 打开后另存为 PDF。"
        )
    return program


def to_pdf(word: Path, target: Path, *, seconds: float = SECONDS) -> None:
    """Converts a Word file; raises NoOfficeError, ConversionError or WritingError."""
    program = require_office()
    if not _places.acquire(timeout=seconds):
        raise ConversionError("正在转换的文件太多，请过一会儿再试，或者下载 Word 文件后另存为 PDF。")
    try:
        with tempfile.TemporaryDirectory(prefix="yifa-pdf-") as folder:
            made = _convert(program, word, Path(folder), seconds)
            with written_whole(target) as draft:
                draft.write_bytes(made.read_bytes())
    finally:
        _places.release()


def _convert(program: str, word: Path, folder: Path, seconds: float) -> Path:
    profile = (
        f"-env:UserInstallation={(folder / 'profile').as_uri()}"  # its own: a second program would not start
    )
    command = [program, profile, "--headless", "--norestore", "--convert-to", ARCHIVAL]
    command += ["--outdir", str(folder), str(word)]
    try:
        subprocess.run(  # noqa: S603  the program of the machine on a file of ours
            command, capture_output=True, timeout=seconds, env=_environment(folder), check=True
        )
    except subprocess.TimeoutExpired as error:
        raise ConversionError(
            f"LibreOffice 用了{seconds:.0f}秒还没有转完，已停止。请稍后再试，或者下载 Word 文件后另存为 PDF。"
        ) from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise ConversionError(_SAYS.format(program=program)) from error
    made = folder / f"{word.stem}.pdf"
    if not made.is_file():
        raise ConversionError(_SAYS.format(program=program))
    return made


_SAYS = "LibreOffice（{program}）没有转成 PDF。请先用它打开一个 Word 文件，看能否正常使用；也可以下载 Word 文件后另存为 PDF。"


def _environment(folder: Path) -> dict[str, str]:
    """The program finds good fonts in place of those of the standard that the machine lacks (Linux only)."""
    environment = dict(os.environ)
    usual = Path("/etc/fonts/fonts.conf")
    if "FONTCONFIG_FILE" not in environment and usual.is_file():
        aliases = "".join(
            f'<alias binding="same"><family>{escape(name)}</family><accept>'
            + "".join(f"<family>{escape(other)}</family>" for other in others)
            + "</accept></alias>"
            for name, others in FONTS.items()
        )
        path = folder / "fonts.conf"
        path.write_text(
            f'<?xml version="1.0"?><fontconfig>{aliases}<include>{usual}</include></fontconfig>',
            encoding="utf-8",
        )
        environment["FONTCONFIG_FILE"] = str(path)
    return environment
