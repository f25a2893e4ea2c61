"""The county of the planning tests, with a folder of its own for each test."""

from __future__ import annotations

from tests.ledger.conftest import own_folder
from tests.planning.conftest import County, county

__all__ = ["County", "county", "own_folder"]
