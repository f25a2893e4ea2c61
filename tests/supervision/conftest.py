"""The county of several rooms, and a place for files."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.county import county

__all__ = ["county"]


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path
