"""A county, a clerk with a list, and one fixed day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings

from tests.county import County, county
from yifa.exchange.mapping import propose
from yifa.exchange.models import Import
from yifa.exchange.staging import best_sheet, stage
from yifa.exchange.targets import target_of
from yifa.ledger.actions import StoreAttachment
from yifa.ledger.models import Role, User

__all__ = ["county"]
NOW = datetime(2026, 11, 19, 23, tzinfo=UTC)  # seven in the morning: another day than in UTC
TODAY = date(2026, 11, 20)
Lay = Callable[..., Import]


@pytest.fixture(autouse=True)
def quiet(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.DATA = tmp_path
    settings.IMPORT_APART = 10**9
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clerk(county: County) -> User:
    return county.user(Role.OFFICER, county.body)


@pytest.fixture
def lay(county: County, clerk: User) -> Lay:
    """Lays a file before the importer, as the wizard's first step does."""

    def laid(content: bytes, name: str, target: str = "case:hotline_ticket", **fixed: str) -> Import:
        attachment = StoreAttachment(actor=clerk, content=content, name=name).execute()
        index = best_sheet(attachment)
        staged = stage(attachment, index)
        reading = propose(target_of(target), staged)
        mapping = reading.as_json() | {"fixed": fixed}
        return Import.objects.create(
            organization=county.body, actor=clerk, target=target, attachment=attachment, sheet=index, mapping=mapping,
            total=staged.length,
        )  # fmt: skip

    return laid
