"""What supervision does by itself once a day: opens the reviews that signals ask for and lists what others found."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import ListFindings, OpenReview
from yifa.supervision.found import ENGINE, unlisted
from yifa.supervision.models import FileReview
from yifa.supervision.signals import Signal, reviewers, signals

FRESH = timedelta(days=30)  # what is older was there before, and is for people to take up
MOST = 20  # reviews opened in a day

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken up."""

    reviews: tuple[FileReview, ...]
    items: tuple[Case, ...]


def take_up(today: date) -> Taken:
    """Opens reviews and lists findings of the last days. A second run finds nothing to do.

    Faults the engine sees are left to people: most are put right by a correction. A signal for which there are no two
    reviewers of other units stays on the list of signals.
    """
    body = Organization.objects.body()
    if body is None:
        return Taken((), ())
    fresh = [one for one in signals(None, body, today) if one.on > today - FRESH]
    reviews = [made for one in fresh[:MOST] if (made := _review(one, body, today)) is not None]
    found = [
        one for one in unlisted(None, today) if one.source != ENGINE and one.on and one.on > today - FRESH
    ]
    items = ListFindings(actor=None, organization=body, findings=found, due=None).execute() if found else []
    return Taken(tuple(reviews), tuple(items))


def _review(signal: Signal, body: Organization, today: date) -> FileReview | None:
    people = reviewers(body, signal.unit, signal.file, signal.about.title)[:2]
    if len(people) < 2:
        return None
    opening = OpenReview(
        actor=None, organization=body, unit=signal.unit, round=f"{today.year}年线索评查", file=signal.file,
        name=signal.about.title, sheet=signal.sheet.sheet, kind=signal.file_kind,
        signal=signal.words, signal_key=signal.key, reviewers=people,
    )  # fmt: skip
    try:
        return opening.execute()
    except ActionRefused as error:  # e.g. the file is under review already through another signal
        logger.info("线索没有开展评查：%s", error.message)
        return None
