"""The county of the planning tests, with a folder of its own for each test."""

from __future__ import annotations

from tests.county import County, county
from tests.ledger.conftest import own_folder

__all__ = ["County", "county", "own_folder"]
