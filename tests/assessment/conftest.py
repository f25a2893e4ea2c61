"""The small body of the ledger's tests."""

from __future__ import annotations

from tests.ledger.conftest import own_folder, place

__all__ = ["own_folder", "place"]
