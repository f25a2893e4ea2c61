"""Opening reviews: all files of a draw, what a signal points at, and a file chosen by hand, on paper or in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from yifa.law.loader import catalogue
from yifa.ledger.models import Case, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import OpenReview, OpenReviews
from yifa.supervision.actions.reviews import WAYS
from yifa.supervision.inspections import Way, planned
from yifa.supervision.pools import REVIEWING
from yifa.supervision.signals import MOST as LIMIT
from yifa.supervision.signals import reviewers, signals
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.rights.access import SignedInRequest, has_role, home_organization, require_here
from yifa.workbench.views.plans.taking_in import units_with
from yifa.workbench.views.supervision.draws import draws_for
from yifa.workbench.views.supervision.reviews import named


@login_required
@require_POST
def open_reviews(request: SignedInRequest, draw_id: UUID) -> HttpResponse:
    """All files of a draw with the reviewers it matched."""
    draw = get_object_or_404(draws_for(request.user), pk=draw_id)
    require_here(request, draw.organization)
    try:
        opened = OpenReviews(actor=request.user, draw=draw, round=draw.title[:100]).execute()
    except ActionRefused as error:
        messages.error(request, error.message)
        return redirect("draw", draw.pk)
    messages.success(request, f"已按抽取结果开展评查，共 {len(opened)} 卷。")
    return redirect("file_reviews")


@login_required
def review_signals(request: SignedInRequest) -> HttpResponse:
    """What should be looked at, each with one click to open its review."""
    user, today = request.user, timezone.localdate()
    organization = _organizer(user)
    body = Organization.objects.body() or organization or user.organization
    found = signals(user, body, today) if body is not None else []
    if request.method == "POST" and organization is not None:
        one = next((one for one in found if one.key == request.POST.get("key")), None)
        if one is None:
            messages.error(request, "这条线索已经开展评查，或者已不存在。")
            return redirect("review_signals")
        try:
            review = OpenReview(
                actor=user, organization=organization, unit=one.unit, round=f"{today.year}年线索评查", file=one.file,
                name=one.about.title, sheet=one.sheet.sheet, kind=one.file_kind, signal=one.words, signal_key=one.key,
                reviewers=reviewers(Organization.objects.body() or organization, one.unit, one.file, one.about.title)[:2],
            ).execute()  # fmt: skip
        except ActionRefused as error:
            messages.error(request, error.message)
            return redirect("review_signals")
        messages.success(request, f"{OPENED[review.has_file]}评查人员是手头评查最少的两人。")
        return redirect("file_review", review.pk)
    kinds, kind = Counter(one.title for one in found), request.GET.get("kind", "")
    context = {
        "title": "评查线索",
        "signals": [one for one in found if kind not in kinds or one.title == kind],
        "count": len(found),
        "kinds": kinds.most_common(),
        "kind": kind if kind in kinds else "",
        "limit": LIMIT if LIMIT in kinds.values() else 0,
        "may_open": organization is not None,
        "crumbs": [("案卷评查", reverse("file_reviews"))],
    }
    return render(request, "workbench/supervision/signals.html", context)


def _organizer(user: User) -> Organization | None:
    """The body in which the user may organize reviews: the own unit, else the highest."""
    home, able = home_organization(user), OpenReview.needs.roles
    if home is not None and has_role(user, able, home):
        return home
    rows = list(Organization.objects.for_user(user)[:1])
    return rows[0] if rows and has_role(user, able, rows[0]) else None


OPENED = {
    True: "已开展评查，两名评查人员可以各自评分。",
    False: "已开展评查。被评查单位送交案卷后，两名评查人员可以各自评分。",
}


class ReviewForm(StyledForm):
    """One file with its two reviewers. A file of the ledger is named by its number; one on paper by its name and sheet."""

    number = forms.CharField(
        label="台账里的案卷文号", required=False, max_length=120, help_text="案卷在台账里的，填事项编号；下面两项不用填。"
    )  # fmt: skip
    name = forms.CharField(
        label="纸质案卷名称", required=False, max_length=200, help_text="不在台账里的案卷，照封面填写。"
    )
    sheet = forms.ChoiceField(label="纸质案卷用哪份评查表", required=False)
    way = forms.ChoiceField(label="怎样取得", choices=[(way, way) for way in WAYS], initial="专项调阅")
    round = forms.CharField(
        label="评查批次", max_length=100, error_messages={"required": "请填写评查批次。"},
        help_text="例如 2026年上半年集中评查",
    )  # fmt: skip
    plan_item = forms.ChoiceField(
        label="所属检查计划事项", required=False, help_text="异议、答复、整改的天数照计划事项；计划外的不选。"
    )
    outside_cause = forms.CharField(
        label="计划外评查的理由", required=False, max_length=300, help_text="不在计划里的，写明理由。"
    )

    def __init__(self, *args: Any, units: Sequence[Organization], body: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        all_units = list(Organization.objects.filter(path__startswith=body.path))
        self.fields["organization"] = UnitField(
            units, label="组织评查的单位", initial=units[0].pk if units else None
        )
        self.fields["unit"] = UnitField(all_units, label="被评查单位")
        sheets = [(one.sheet, one.title) for one in catalogue().sheets.values()]
        self.fields["sheet"].choices = [("", "（请选择）"), *sheets]  # type: ignore[attr-defined]  # a choice field
        lines = planned(body, Way.FILES, timezone.localdate())
        self.fields["plan_item"].lines = lines  # type: ignore[attr-defined]
        self.fields["plan_item"].choices = [("", "（计划外）"), *lines]  # type: ignore[attr-defined]
        able = User.objects.filter(
            is_active=True, memberships__role__in=REVIEWING, organization__path__startswith=body.path
        )
        for name, label in (("first", "第一名评查人员"), ("second", "第二名评查人员")):
            field = forms.ModelChoiceField(
                able.select_related("organization").distinct().order_by("username"), label=label,
                empty_label="（请选择）", error_messages={"required": f"请选择{label}。"},
                help_text="不能是被评查单位的人，申报回避的不能评。" if name == "first" else "",
            )  # fmt: skip
            field.label_from_instance = named  # type: ignore[method-assign, assignment]
            self.fields[name] = field
        for name in ("organization", "unit", "first", "second"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean(self) -> dict[str, Any]:
        """A number or a name; the number must be that of one case of the unit."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        number, unit = given.get("number", "").strip(), given.get("unit")
        if not number and not given.get("name", "").strip():
            self.add_error("name", "请填写台账里的案卷文号，或者纸质案卷的名称。")
        elif not number and not given.get("sheet"):
            self.add_error("sheet", "纸质案卷请选择评查表。")
        if number and unit is not None:
            found = Case.objects.filter(number=number, organization__path__startswith=unit.path).first()
            if found is None:
                self.add_error("number", f"{unit}没有编号为“{number}”的事项，请核对文号和被评查单位。")
            given["file"] = found
        if self.fields["plan_item"].lines and not given.get("plan_item") and not given.get("outside_cause"):  # type: ignore[attr-defined]
            self.add_error("outside_cause", "今年有案卷评查计划：请选择计划事项，或者写明计划外评查的理由。")
        return given

    def action(self, actor: User) -> OpenReview:
        """What was asked for."""
        given = self.cleaned_data
        file = given.get("file")
        facts = {name: given[name] for name in ("plan_item", "outside_cause") if given[name]}
        return OpenReview(
            actor=actor, organization=given["organization"], unit=given["unit"], round=given["round"], file=file,
            name="" if file else given["name"], sheet="" if file else given["sheet"], way=given["way"],
            reviewers=[given["first"], given["second"]], facts=facts,
        )  # fmt: skip


@login_required
def open_review(request: SignedInRequest) -> HttpResponse:
    """A file chosen by hand is given to two reviewers."""
    units = units_with(request.user, *OpenReview.needs.roles)
    body = Organization.objects.body() or units[0]
    form = ReviewForm(request.POST or None, units=units, body=body)
    wrong = ""
    if form.is_bound and form.is_valid():
        require_here(request, form.cleaned_data["organization"])
        try:
            review = form.action(request.user).execute()
        except ActionRefused as error:
            wrong = error.message
        else:
            messages.success(request, OPENED[review.has_file])
            return redirect("file_review", review.pk)
    context = {
        "title": "开展评查",
        "form": form,
        "wrong": wrong,
        "crumbs": [("案卷评查", reverse("file_reviews"))],
    }
    status = 422 if wrong or form.errors else 200
    return render(request, "workbench/supervision/open_review.html", context, status=status)
