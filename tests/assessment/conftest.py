"""A county with its assessors, on one day of the year after the assessed one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings

from tests.assessment.trial import Trial, at, trial_of
from tests.county import county
from tests.ledger.conftest import place

__all__ = ["county", "place"]


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.ATTACHMENTS, settings.DATA = tmp_path / "attachments", tmp_path


@pytest.fixture
def trial(county: object) -> Iterator[Trial]:
    with time_machine.travel(at(2025, 1, 6), tick=False):
        yield trial_of(county)  # type: ignore[arg-type]
