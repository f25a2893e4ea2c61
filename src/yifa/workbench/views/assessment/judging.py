"""What people judge: the sheet of one who judges, blind; who judges what, how far they agree, a third or a meeting."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from yifa.assessment.actions import Judge, Meet, NameScorers, NameThird
from yifa.assessment.agreeing import agreement
from yifa.assessment.models import Assessment, Judging
from yifa.assessment.results import units_of
from yifa.ledger.models import Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.assessment.access import assessment_named, back, crumbs, done

TURNS = (1, 2)


def scorers_of(body: Organization) -> Any:
    """Who may be named: everybody of the body with an account and a unit."""
    return User.objects.filter(is_active=True, organization__path__startswith=body.path).select_related(
        "organization"
    )


def named(user: User) -> str:
    """A person with the unit."""
    return f"{user.display_name or user.get_username()}（{user.organization or '无单位'}）"


class ScorersForm(StyledForm):
    """Which indicator, of which units, by whom."""

    indicator = forms.ChoiceField(label="指标")
    units = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label="被考核单位",
        help_text="不选为全部；评分人所在的单位请另外指定。",
        required=False,
    )
    first = forms.ModelChoiceField(User.objects.none(), label="评分人一", empty_label="（请选择）")
    second = forms.ModelChoiceField(User.objects.none(), label="评分人二", empty_label="（请选择）")

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields
        choices["indicator"].choices = judged_of(assessment)
        choices["units"].queryset = Organization.objects.filter(
            pk__in=[one.pk for one in units_of(assessment)]
        )
        for name in ("first", "second"):
            choices[name].queryset = scorers_of(assessment.organization)
            choices[name].label_from_instance = named
            choices[name].error_messages["required"] = "请选择评分人。"


class ThirdForm(StyledForm):
    """A third, or what a meeting agreed on."""

    how = forms.ChoiceField(label="办法", choices=[("third", "由第三人再评"), ("meeting", "合议定分")])
    scorer = forms.ModelChoiceField(
        User.objects.none(), label="第三人", required=False, empty_label="（由第三人再评时选择）"
    )
    points = forms.DecimalField(label="合议的分值", required=False, min_value=Decimal(0))
    reason = forms.CharField(
        label="理由",
        max_length=300,
        help_text="合议的写明时间和参加人。",
        error_messages={"required": "请填写理由。"},
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scorer"]
        field.queryset, field.label_from_instance = scorers_of(assessment.organization), named


def judged_of(assessment: Assessment) -> list[tuple[str, str]]:
    """The indicators people judge."""
    return [(one.id, one.title) for part in assessment.set.parts for one in part.indicators if one.judged]


@login_required
def assessment_judging(request: SignedInRequest, assessment_id: Any) -> HttpResponse:
    """Who judges what, what is in, where they differ. Points show only when both are in."""
    assessment = assessment_named(request.user, assessment_id)
    require_here(request, assessment.organization)
    posted = request.POST if request.method == "POST" else None
    apart = posted is not None and "apart" in posted
    naming = ScorersForm(None if apart else posted, assessment=assessment)
    deciding = ThirdForm(posted if apart else None, assessment=assessment, prefix=None)
    if naming.is_bound and naming.is_valid():
        held = naming.cleaned_data
        action = NameScorers(
            actor=request.user, assessment=assessment, indicator=held["indicator"],
            units=list(held["units"]) or units_of(assessment), scorers=[held["first"], held["second"]],
        )  # fmt: skip
        if done(request, action, naming, "已指定评分人。"):
            return redirect("assessment_judging", assessment.pk)
    if deciding.is_bound and deciding.is_valid() and _decide(request, assessment, deciding):
        return redirect("assessment_judging", assessment.pk)
    rows, pairs = _rows(assessment)
    context = {
        "title": "评分和一致程度", "crumbs": crumbs(assessment), "assessment": assessment, "naming": naming,
        "deciding": deciding, "rows": rows, "agreement": agreement(pairs),
        "apart": [row for row in rows if row["apart"]],
    }  # fmt: skip
    wrong = naming.errors or deciding.errors
    return render(request, "workbench/assessment/judging.html", context, status=422 if wrong else 200)


def _decide(request: SignedInRequest, assessment: Assessment, form: ThirdForm) -> bool:
    code, _, indicator = request.POST.get("apart", "").partition(" ")
    unit = next((one for one in units_of(assessment) if one.code == code), None)
    if unit is None:
        raise Http404
    held = form.cleaned_data
    shared: dict[str, Any] = {
        "actor": request.user, "assessment": assessment, "unit": unit, "indicator": indicator, "reason": held["reason"],
    }  # fmt: skip
    if held["how"] == "meeting":
        return done(request, Meet(points=held["points"], **shared), form, "已记下合议的分值。")
    if held["scorer"] is None:
        form.add_error("scorer", "请选择第三人。")
        return False
    return done(request, NameThird(scorer=held["scorer"], **shared), form, "已指定第三人。")


def _rows(assessment: Assessment) -> tuple[list[dict[str, Any]], list[tuple[Decimal, Decimal, Decimal]]]:
    """Each unit and indicator with who judges it; both points once both are in."""
    turns: dict[tuple[Any, str], dict[int, Judging]] = defaultdict(dict)
    for one in assessment.judgings.select_related("unit", "scorer__organization"):
        turns[one.unit, one.indicator][one.turn] = one
    rows, pairs = [], []
    places = _places(assessment)
    for (unit, name), held in sorted(turns.items(), key=lambda one: (places[one[0][0].pk], one[0][1])):
        indicator = assessment.set.indicator(name)
        if indicator is None or indicator.judged is None:
            continue
        tolerance = indicator.judged.tolerance
        given = [held[turn].points for turn in TURNS if turn in held]
        both = len(given) == len(TURNS) and None not in given
        if both:
            pairs.append((given[0], given[1], tolerance))
        last = held.get(Judging.MEETING) or held.get(Judging.THIRD)
        apart = both and abs(given[0] - given[1]) > tolerance  # type: ignore[operator]  # both are numbers
        rows.append({
            "unit": unit, "indicator": indicator, "tolerance": tolerance, "both": both,
            "turns": [held[turn] for turn in sorted(held)],
            "apart": apart and last is None, "close": both and not apart, "key": f"{unit.code} {name}",
        })  # fmt: skip
    return rows, pairs  # type: ignore[return-value]  # `both` has looked


def _places(assessment: Assessment) -> dict[int, int]:
    """The place of each unit in the order of the assessment."""
    return {unit.pk: place for place, unit in enumerate(units_of(assessment))}


@login_required
def judge_units(request: SignedInRequest, assessment_id: Any) -> HttpResponse:
    """The sheet of one who judges: the units and indicators that are the own, nobody else's points."""
    assessment = assessment_named(request.user, assessment_id)
    given = assessment.judgings.filter(scorer=request.user, turn__lte=Judging.THIRD).select_related("unit")
    places = _places(assessment)
    own = sorted(given, key=lambda one: (places[one.unit_id], one.indicator))
    if not own:
        raise Http404
    wrong = ""
    if request.method == "POST":
        try:
            points = _written(request, own)
            Judge(actor=request.user, assessment=assessment, points=points).execute()
        except ActionRefused as error:
            wrong = error.message
        else:
            return back(assessment)
    classes = dict(assessment.units.values_list("organization_id", "unit_class"))
    rows = []
    for one in own:
        indicator = assessment.set.indicator(one.indicator)
        assert indicator is not None  # noqa: S101 - the sheet was made from the set
        key = f"{one.unit.code} {one.indicator}"
        rows.append((one, indicator, indicator.points[classes[one.unit_id]], key,
                     request.POST.get(f"points {key}", ""), request.POST.get(f"reason {key}", "")))  # fmt: skip
    context = {
        "title": "评分", "crumbs": crumbs(assessment), "assessment": assessment, "rows": rows, "wrong": wrong,
        "open": any(one.points is None for one in own) and assessment.state == Assessment.State.RUNNING,
    }  # fmt: skip
    return render(request, "workbench/assessment/sheet.html", context, status=422 if wrong else 200)


def _written(
    request: SignedInRequest, own: list[Judging]
) -> dict[tuple[Organization, str], tuple[Decimal, str]]:
    """What was filled in; lines left empty are judged later."""
    found = {}
    for one in own:
        key = f"{one.unit.code} {one.indicator}"
        text = request.POST.get(f"points {key}", "").strip()
        if one.points is not None or not text:
            continue
        try:
            points = Decimal(text)
        except InvalidOperation:
            points = Decimal(-1)
        if not points.is_finite():
            points = Decimal(-1)
        found[one.unit, one.indicator] = (points, request.POST.get(f"reason {key}", ""))
    return found
