"""What the engine says of a scenario the ledger says too: files are played through the real actions.

The plain course of every kind, and one file of the kind for each thing the ledger does of its own: to refuse, to mark a
back entry, to correct, to follow a locality or the law of the case's day. All files are run without a database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.scenarios.acting import FOLDER, play
from yifa.ledger.models import Case

# The ledger opens a case by an opening act only: what the engine judges without one has no case to stand in.
WITHOUT_A_CASE = {"administrative_penalty/entered_in_disorder", "reconsideration/town_has_no_power"}
OF_ITS_OWN = ("correct:", "entered: back", r"refused: \[\d", "jurisdiction:", "law_date:")
NAMED = re.compile(r"normal|law_change")


def _chosen() -> Iterator[str]:
    """The plain course of every kind of case, and of each thing the ledger does of its own one file of the kind."""
    done: set[tuple[str, str]] = set()
    for path in sorted(FOLDER.glob("*/*.yaml")):
        kind, text = path.parent.name, path.read_text(encoding="utf-8")
        new = {(kind, sign) for sign in OF_ITS_OWN if re.search(sign, text)} - done
        name = f"{kind}/{path.stem}"
        if name not in WITHOUT_A_CASE and (new or NAMED.match(path.stem)):
            done |= new
            yield name


FILES = list(_chosen())


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_the_ledger_agrees_with_the_scenario(name: str) -> None:
    assert play(name).differences() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("administrative_penalty/entered_in_disorder", "invalid", "应从“立案、当场作出处罚决定”开始"),
        ("reconsideration/town_has_no_power", "no_power", "本级无此职权"),
    ],
)
def test_what_cannot_open_a_case_is_said_and_nothing_is_kept(name: str, code: str, words: str) -> None:
    refused = play(name).refused[1]
    assert refused.code == code and words in refused.message
    opened_later = name.startswith("administrative")  # by the opening act further down in the file
    assert Case.objects.count() == opened_later
