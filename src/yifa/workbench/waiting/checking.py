"""What supervision and assessment ask of somebody: sheets and points to give, objections and results to answer, to sign."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from yifa.assessment.actions import Accept, AnswerObjection, FreezeResult, NameThird, had_a_hand
from yifa.assessment.agreeing import apart
from yifa.assessment.models import Assessment, Judging, Objection, Result, ResultVersion
from yifa.ledger.models import CaseAct, User
from yifa.ledger.models.scoping import reach, within
from yifa.supervision.actions import NameThird as NameThirdReviewer
from yifa.supervision.models import FileReview, Scoring
from yifa.workbench.waiting.row import LOOKED_AT, Waiting

State = Assessment.State


def checking_turns(user: User, desks: Collection[int], today: date) -> Iterator[Waiting]:
    """Reviews of files first, then what people judge, then results."""
    yield from _sheets(user)
    yield from _third_reviewers(user)
    yield from _judged(user)
    yield from _apart(user)
    yield from _objections(user)
    yield from _results(user, desks, today)
    yield from _to_sign(user, today)


def _sheets(user: User) -> Iterator[Waiting]:
    """Files the user was named to review that are there to be read."""
    sent = CaseAct.objects.filter(case=OuterRef("review__case"), act="submit_file")
    rows = Scoring.objects.filter(
        Q(review__file__isnull=False) | Exists(sent), reviewer=user, submitted_on=None, review__case__closed_on=None
    )  # fmt: skip
    for one in rows.select_related("review__case", "review__unit").order_by("pk")[:LOOKED_AT]:
        about = f"{one.review.case.title}（{one.review.unit}）"
        yield Waiting("填写评查表", about, reverse("score_file", args=[one.review_id]))


def _third_reviewers(user: User) -> Iterator[Waiting]:
    """Files on which the two reviewers differ, by who organizes the review."""
    paths = reach(user, NameThirdReviewer.needs.roles)
    if not paths:
        return
    rows = FileReview.objects.filter(
        within(paths, "organization__path"), settled_on=None, case__closed_on=None
    ).annotate(sent=Count("scorings", filter=Q(scorings__submitted_on__isnull=False)), all=Count("scorings"))
    for one in rows.filter(sent=2, all=2).select_related("case").order_by("made_at")[:LOOKED_AT]:
        yield Waiting("指定第三名评查人员", one.case.title, reverse("file_review", args=[one.pk]))


def _judged(user: User) -> Iterator[Waiting]:
    """Points the user was named to give, one line an assessment."""
    open_ = Judging.objects.filter(scorer=user, points=None, turn__lte=Judging.THIRD)
    rows = Assessment.objects.filter(judgings__in=open_, state=State.RUNNING).annotate(many=Count("judgings"))
    for one in rows[:LOOKED_AT]:
        yield Waiting("给考核指标评分", f"{one}：{one.many}项", reverse("judge_units", args=[one.pk]))


def _apart(user: User) -> Iterator[Waiting]:
    """Where the two gave points too far apart and nobody has decided, by who keeps the assessment."""
    paths = reach(user, NameThird.needs.roles)
    if not paths:
        return
    same = Judging.objects.filter(
        assessment=OuterRef("assessment"), unit=OuterRef("unit"), indicator=OuterRef("indicator")
    )
    other = same.filter(turn=2, points__isnull=False).exclude(points=OuterRef("points"))
    rows = Judging.objects.filter(
        within(paths, "assessment__organization__path"), Exists(other), ~Exists(same.filter(turn__gt=2)),
        assessment__state=State.RUNNING, turn=1, points__isnull=False,
    )  # fmt: skip
    for one in rows.annotate(other=other.values("points")[:1]).select_related("assessment", "unit")[
        :LOOKED_AT
    ]:
        indicator = one.assessment.set.indicator(one.indicator)
        judged = indicator.judged if indicator is not None else None
        if indicator is None or judged is None or one.points is None:
            continue
        if apart(one.points, one.other, judged.tolerance):
            about = f"{one.unit}“{indicator.title}”（{one.assessment}）"
            url = reverse("assessment_judging", args=[one.assessment_id])
            yield Waiting("两人评分相差较大，待定", about, url)


def _objections(user: User) -> Iterator[Waiting]:
    """Objections to be answered by somebody who had no hand in the points."""
    paths = reach(user, AnswerObjection.needs.roles)
    if not paths:
        return
    rows = Objection.objects.filter(within(paths, "version__assessment__organization__path"), upheld=None)
    for one in rows.select_related("version__assessment", "unit").order_by("due", "pk")[:LOOKED_AT]:
        if not had_a_hand(user, one):
            known = one.version.assessment
            url = reverse("answer_objection", args=[known.pk, one.number])
            yield Waiting("答复考核异议", f"{one.unit}：{one.reason[:40]}（{known}）", url, due=one.due)


def _results(user: User, desks: Collection[int], today: date) -> Iterator[Waiting]:
    """Results of the user's own units to which they may still object, or say that they do not."""
    paths = reach(user, Accept.needs.roles) if desks else []
    if not paths:
        return
    objected = Objection.objects.filter(version=OuterRef("version"), unit=OuterRef("unit"))
    rows = Result.objects.filter(
        within(paths, "unit__path"), Q(version__until=None) | Q(version__until__gte=today), ~Exists(objected),
        unit_id__in=sorted(desks), accepted_on=None, version__frozen_on=None, version__assessment__state=State.PUBLISHED,
    )  # fmt: skip
    for one in rows.select_related("version__assessment", "unit").order_by("pk")[:LOOKED_AT]:
        known = one.version.assessment
        url = reverse("assessed_unit", args=[known.pk, one.unit.code])
        yield Waiting("对考核初步结果表态", f"{known}（{one.unit}）", url, due=one.version.until)


def _to_sign(user: User, today: date) -> Iterator[Waiting]:
    """Results that can be signed: no objection is open, and all units have answered or the time is over."""
    paths = reach(user, FreezeResult.needs.roles)
    if not paths:
        return
    mine = Q(version=OuterRef("pk"))
    objections = Objection.objects.filter(mine)
    silent = Result.objects.filter(mine, accepted_on=None).exclude(
        unit__in=Objection.objects.filter(version=OuterRef("version")).values("unit")
    )
    rows = ResultVersion.objects.filter(
        within(paths, "assessment__organization__path"), ~Exists(objections.filter(upheld=None)),
        Q(until__lt=today) | ~Exists(silent) | Q(until=None), frozen_on=None, assessment__state=State.PUBLISHED,
    )  # fmt: skip
    for one in rows.select_related("assessment").order_by("pk")[:LOOKED_AT]:
        url = reverse("assessment_step", args=[one.assessment_id, "freeze"])
        yield Waiting("签发、确定考核结果", str(one.assessment), url)
