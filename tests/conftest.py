"""What all tests share: the papers beside the project, where present."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("YIFA_DATA", tempfile.mkdtemp(prefix="yifa-tests-"))

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the papers, the corpus and the expected answers."""
    folder = ROOT.parent / "shared"
    if not (folder / "sources").is_dir():
        pytest.skip("旁边没有 shared 文件夹：读真实材料的测试跳过")
    return folder
