"""The database counts its tables when the ledger has grown to twice what it knows of, and not for every import."""

from __future__ import annotations

import pytest

from tests.ledger.conftest import Town
from yifa.ledger.models import Record
from yifa.ledger.tables import statistics

pytestmark = pytest.mark.django_db


def test_counted_again_when_the_ledger_has_doubled(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "FEW", 10**9)
    place.answer(place.request())
    assert not statistics.keep()  # of so few no plan is slow
    monkeypatch.setattr(statistics, "FEW", 1)
    statistics.refresh()
    known = statistics._known()
    assert known == Record.objects.count() > 0
    assert not statistics.keep()
    while Record.objects.count() < 2 * known + 1:
        place.request()
    assert statistics.keep()
    assert statistics._known() == Record.objects.count()
    assert not statistics.keep()
