"""Everything in the catalogue is listed under a domain."""

from __future__ import annotations

from yifa.law.loader import catalogue
from yifa.law.phrases import DOMAINS
from yifa.law.schema import Domain


def test_everything_has_a_domain() -> None:
    law = catalogue()
    things = {**law.case_types, **law.registers, **law.gaps}
    assert [name for name, thing in things.items() if thing.domain is None] == []


def test_every_domain_has_a_name() -> None:
    assert set(DOMAINS) == set(Domain)
