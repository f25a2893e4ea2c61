"""What loading says of files that cannot be read."""

from __future__ import annotations

from yifa.reading.errors import ReadingError


def damaged(name: str, where: str = "Word 或 WPS") -> ReadingError:
    """A file whose structure is broken."""
    return ReadingError(
        f"「{name}」已损坏，打不开。请在 {where} 中打开核对，另存为新文件后再读。", code="damaged"
    )


def encrypted(name: str) -> ReadingError:
    """A file locked with a password."""
    return ReadingError(
        f"「{name}」加了密码，无法读取。请在原来的软件中取消密码保护，另存后再读。", code="encrypted"
    )


def swollen(name: str, unpacked: int) -> ReadingError:
    """A packed file that would be abnormally large when unpacked."""
    return ReadingError(
        f"「{name}」解压后有 {unpacked // (1024 * 1024)} MB，大得不正常，没有打开。请另存为新文件或纯文本后再读。",
        code="too_large",
    )


def without_text(name: str) -> ReadingError:
    """A file that opens and holds no text."""
    return ReadingError(f"「{name}」里没有文字（可能只有图片）。请给出能选中文字的文件。", code="no_body")


def scanned(name: str, what: str) -> ReadingError:
    """Pages that are pictures of paper."""
    return ReadingError(
        f"「{name}」是扫描件或图片做成的{what}，里面没有可读的文字。"
        "请用带文字识别（OCR）的软件转成可选中文字的文件，核对后再读；有原来的 Word 文件更好。",
        code="scanned",
    )


def unsupported(name: str, what: str, how: str) -> ReadingError:
    """A format that is known and not read."""
    return ReadingError(f"「{name}」是{what}，不能直接读。{how}，再读。", code="unsupported")
