"""The process in which foreign formats are parsed. It reads one file after the other from its input; see `apart`."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from yifa.reading.errors import ReadingError
from yifa.reading.load.apart import LENGTH, MEMORY
from yifa.reading.load.loaded import Loaded
from yifa.reading.load.refusals import damaged

PARSERS = {
    "ole": "yifa.reading.load.ole:load_ole",
    "word": "yifa.reading.load.word:load_word",
    "pdf": "yifa.reading.load.pdf:load_pdf",
    "excel": "yifa.reading.load.excel:load_excel",
    "book": "yifa.reading.load.book:load_book",
    "list": "yifa.reading.load.book:load_list",
    "ofd": "yifa.reading.load.ofd:load_ofd",
    "page": "yifa.reading.load.page:load_page",
    "mime": "yifa.reading.load.mime:load_mime",
}


def main() -> None:
    """Answer files until the input ends."""
    requests, answers = _channels()
    _limit_memory()
    while size := requests.read(LENGTH.size):
        request = json.loads(requests.read(*LENGTH.unpack(size)))
        data = requests.read(*LENGTH.unpack(requests.read(LENGTH.size)))
        _limit_time(request["seconds"])
        answer = answer_to(request["parser"], data, request["name"])
        body = json.dumps(answer).encode()
        answers.write(LENGTH.pack(len(body)) + body)
        answers.flush()


def answer_to(parser: str, data: bytes, name: str) -> dict[str, Any]:
    """The parser's result or refusal. After an unexpected failure the process does not deserve to be kept."""
    try:
        return {"loaded": asdict(parse(parser, data, name)), "keep": True}
    except ReadingError as error:
        return {"error": {"code": error.code, "message": error.message}, "keep": True}
    except MemoryError:
        message = f"「{name}」展开后太大，读不下。请把要检查的部分另存为 docx 或纯文本后再读。"
        return {"error": {"code": "too_large", "message": message}, "keep": False}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic of a Rust parser is no Exception
        broken = damaged(name, "原来的软件")
        return {"error": {"code": broken.code, "message": broken.message}, "keep": False}


def parse(parser: str, data: bytes, name: str) -> Loaded:
    """Run the parser in this process."""
    module, function = PARSERS[parser].split(":")
    loaded: Loaded = getattr(import_module(module), function)(data, name)
    return loaded


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Input and output for us alone: what a library prints must not fall between the answers."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    return sys.stdin.buffer, answers


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on Windows: the time limit alone holds there
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: float) -> None:
    """The parent ends us when we are late; this is for the case that the parent is dead."""
    try:
        import resource
    except ImportError:
        return
    soft = int(time.process_time() + seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
