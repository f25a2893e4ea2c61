"""54 scraped reports of another genre: no failure, no slow file, no false alarm of tampering."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from yifa.reading import ReadingError, read
from yifa.reading.document import Kind

from .test_fuzz import verify

pytestmark = pytest.mark.shared


def test_the_corpus(shared: Path) -> None:
    refused, read_files, figures = [], 0, 0
    for path in sorted((shared / "corpus" / "work_reports").glob("*.txt")):
        begin = time.perf_counter()
        try:
            document = read(path)
        except ReadingError as error:
            refused.append((path.name, error.code))
            continue
        assert time.perf_counter() - begin < 1, path.name
        verify(document)
        read_files += 1
        figures += len(document.figures)
        assert document.kind is Kind.OTHER, path.name
        assert document.kind_reason
        assert document.outline, path.name
        assert not [mark for mark in document.marks if mark.kind == "injected"], path.name
    assert refused == [("szgw036.txt", "no_body")]
    assert read_files == 53
    assert figures > 9000
