"""Beginning a draw: what is drawn, by which rules, from what the seed will come; and drawing once more for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from yifa.draws import PEOPLE, Factor
from yifa.law.loader import catalogue
from yifa.ledger.models import Case, Organization
from yifa.ledger.refusal import ActionRefused
from yifa.supervision.actions import CloseDraw, DrawAgain
from yifa.supervision.actions.draws import SERVED
from yifa.supervision.models import Draw
from yifa.supervision.pools import FILES, SIDES, Scope
from yifa.workbench.forms import StyledForm
from yifa.workbench.forms.acts import UnitField
from yifa.workbench.forms.look import DayInput, SuggestingInput
from yifa.workbench.forms.specs import ListField
from yifa.workbench.rights.access import SignedInRequest, require_here
from yifa.workbench.views.plans.taking_in import units_with
from yifa.workbench.views.supervision.draws import draws_for
from yifa.workbench.views.supervision.listed import even_rules, facets_said, listed

WORKS = ("行业", "专业领域")
ANNOUNCED = "封存之后才会公布、本单位不能左右的数，如下一工作日某指数收盘值、下一期福利彩票开奖号码。"


class Reasons(forms.CharField):
    """Lines of an id and, after a space, a reason."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> dict[str, str]:
        """Each line parted."""
        found: dict[str, str] = {}
        for line in (super().clean(value) or "").splitlines():
            id_, _, reason = line.strip().partition(" ")
            if id_ and not reason.strip():
                raise ValidationError(f"“{id_}”没有写排除的理由，请在编号后空一格写明。")
            if id_:
                found[id_] = " ".join(reason.split())
        return found


class Factors(forms.CharField):
    """Lines of a facet, a value and by what the weight is multiplied."""

    widget = forms.Textarea(attrs={"rows": 6})

    def clean(self, value: Any) -> tuple[Factor, ...]:
        """Each line parted; a number such as 3, 1.5 or 3/2."""
        found = []
        for line in (super().clean(value) or "").splitlines():
            words = line.split()
            if not words:
                continue
            try:
                facet, which, times = words
                factor = Factor(facet, which, Fraction(times))
            except (ValueError, ZeroDivisionError) as error:
                raise ValidationError(f"“{line}”读不出来，请写成“风险等级 D 5”的样子。") from error
            found += (
                [factor] if factor.times != 1 else []
            )  # as the form offers them: nothing is changed by it
        return tuple(found)


class CloseForm(StyledForm):
    """The draw as it is announced. Which fields there are depends on what is drawn for."""

    title = forms.CharField(label="抽取名称", max_length=200, error_messages={"required": "请填写抽取名称。"})
    announced = forms.CharField(
        label="用什么作种子", max_length=300, help_text=ANNOUNCED,
        error_messages={"required": "请写明用什么作种子。"},
    )  # fmt: skip
    case = forms.ModelChoiceField(
        Case.objects.none(), label="为哪一项任务抽取", required=False, empty_label="（不关联）",
        help_text="关联的，抽取结果自动记入这一事项；还没有登记任务的，宜先在“事项台账”登记。",
    )  # fmt: skip
    case_type = forms.ChoiceField(label="案卷类别")
    since = forms.DateField(label="办结日期自", required=False, widget=DayInput())
    until = forms.DateField(label="至", required=False, widget=DayInput())
    trade = forms.CharField(
        label="行业或者领域", required=False, max_length=60, help_text="只抽这一类的，不填为全部。"
    )
    only = ListField(
        label="只在这些单位里抽", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一个单位名称，如督察方案写明的范围；不填为全部下级单位。"
    )  # fmt: skip
    take = forms.IntegerField(
        label="抽取数量", min_value=1, initial=10, error_messages={"required": "请填写抽取数量。"}
    )
    people = forms.IntegerField(
        label="抽取人数", min_value=2, initial=4, error_messages={"required": "请填写抽取人数。"}
    )
    per = forms.IntegerField(label="每个对象几人", min_value=2, initial=2)
    factors = Factors(
        label="权重规则",
        required=False,
        help_text="一行一条：分类 值 倍数。想多抽的把倍数改大；1同不写，0为不抽。",
    )
    people_factors = Factors(
        label="人员的权重规则", required=False, help_text="写法同上。名录里填了抽取权重的，再乘以这里的倍数。"
    )
    people_rest_days = forms.IntegerField(
        label="人员多少日内抽过的不再抽", min_value=0, initial=0, required=False, help_text="填0为不限。"
    )
    work = forms.CharField(
        label="人员的专业领域", required=False, max_length=60, help_text="只抽有这一专业领域的，不填为不限。"
    )
    own = forms.BooleanField(label="抽取单位自己的不抽", required=False, initial=True)
    rest_days = forms.IntegerField(
        label="多少日内抽过的不再抽", min_value=0, initial=0, required=False, help_text="填0为不限。"
    )
    excluded = Reasons(
        label="申报回避、人工排除", required=False, help_text="一行一个：编号或者名称，空一格，写明理由。"
    )

    def __init__(
        self,
        *args: Any,
        purpose: str,
        units: list[Organization],
        cases: Any,
        task: Case | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        told = f"{task.title} {task.facts.get('item') or ''}" if task is not None else ""
        self.purpose, roles = purpose, SIDES[purpose]
        self.fields["organization"] = UnitField(
            units,
            label="抽取单位",
            help_text="从本单位及其下级的名录中抽取。",
            error_messages={"required": "请选择单位。"},
        )
        self.fields["organization"].widget.attrs["class"] = "form-select"
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]  # a choice of models
        self.fields["case_type"].choices = _reviewed()  # type: ignore[attr-defined]  # a choice field
        for name, of_facet, role in zip(
            ("factors", "people_factors"), ("trade", "work"), roles, strict=False
        ):
            there = listed(role, units[0]) if units and role != FILES else None
            self.fields[name].help_text += facets_said(role, units[0], there) if units else ""
            if there is None:
                continue
            self.fields[name].initial = even_rules(there)
            if of := next((facet for facet in there.facets if facet in WORKS), ""):
                parts = sorted({part for value in there.values(of) for part in value.split("、")})
                line = SuggestingInput(partial(list, [(part, "") for part in parts]))
                line.attrs["class"] = "form-control"
                self.fields[of_facet].widget = line
                if of_facet == "trade":
                    self.fields[of_facet].initial = next((part for part in parts if part in told), "")
        unused = {"case_type", "since", "until"} if roles[0] != FILES else {"trade"}
        unused |= {"people", "per", "people_factors", "people_rest_days"} if len(roles) < 2 else set()
        unused |= {"work"} if PEOPLE not in roles else set()
        unused |= {"case"} if purpose not in SERVED else set()
        unused |= {"own", "trade"} if purpose == Draw.Purpose.UNITS else {"only"}
        unused |= {"own"} if purpose != Draw.Purpose.FILES else set()
        for name in unused:
            self.fields.pop(name, None)
        self.sections = [
            (f"抽{roles[0]}", self._there("case_type", "since", "until", "only", "trade", "take", "rest_days", "own", "factors")),
            (f"派{roles[-1]}", self._there("people", "per", "work", "people_rest_days", "people_factors")),
            ("不参加抽取的", self._there("excluded")),
        ]  # fmt: skip

    def _there(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    def action(self, request: SignedInRequest) -> CloseDraw:
        """What was asked for."""
        given = dict(self.cleaned_data)
        scope = Scope(
            given.pop("case_type", ""), given.pop("since", None), given.pop("until", None),
            given.pop("trade", ""), given.pop("work", ""), given.pop("excluded"), tuple(given.pop("only", ())),
        )  # fmt: skip
        own = (given["organization"].name,) if given.pop("own", False) else ()
        for name in {"rest_days", "people_rest_days"} & set(given):
            given[name] = given[name] or 0
        return CloseDraw(actor=request.user, purpose=self.purpose, scope=scope, not_units=own, **given)


def _reviewed() -> list[tuple[str, str]]:
    """The kinds of files for which there is a sheet, penalties first: others could be drawn but not reviewed."""
    known = catalogue()
    kinds = {kind for sheet in known.sheets.values() for kind in sheet.case_types}
    ordered = sorted(kinds, key=lambda kind: (kind != "administrative_penalty", known.case_types[kind].title))
    return [(kind, known.case_types[kind].title) for kind in ordered]


@login_required
def close_draw(request: SignedInRequest, purpose: str) -> HttpResponse:
    """The form and, sent, the closing of the pools."""
    if purpose not in SIDES:
        raise Http404
    units = units_with(request.user, *CloseDraw.needs.roles)
    served = SERVED.get(Draw.Purpose(purpose), "")
    cases = Case.objects.for_user(request.user).filter(case_type=served, closed_on__isnull=True)
    cases = cases.order_by("-opened_on")[:200]
    initial: dict[str, Any] = {"organization": units[0].pk if units else None}
    wanted = next((case for case in cases if str(case.pk) == request.GET.get("case")), None)
    if wanted is not None:
        initial |= {"case": wanted.pk, "title": wanted.title, "only": wanted.facts.get("scope", [])}
        initial |= {"take": wanted.facts["planned"]} if wanted.facts.get("planned") else {}
    form = CloseForm(
        request.POST or None, purpose=purpose, units=units, cases=_whole(cases), task=wanted, initial=initial
    )
    wrong = ""
    if form.is_bound and form.is_valid():
        require_here(request, form.cleaned_data["organization"])
        try:
            draw = form.action(request).execute()
        except ActionRefused as error:
            if error.field in form.fields:
                form.add_error(error.field, error.message)
            else:
                wrong = error.message
        else:
            messages.success(request, "名录已封存。种子公布之后，回到这一页填写种子即可抽取。")
            return redirect("draw", draw.pk)
    context = {
        "title": f"封存名录：{Draw.Purpose(purpose).label}",
        "form": form,
        "wrong": wrong,
        "crumbs": [("随机抽取", reverse("draws"))],
    }
    return render(
        request, "workbench/supervision/close.html", context, status=422 if wrong or form.errors else 200
    )


def _whole(cases: Any) -> Any:
    """As a query that a form may filter further."""
    return Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("-opened_on")


class AgainForm(StyledForm):
    """Why once more, and with which seed."""

    reason = forms.CharField(
        label="重抽的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明重抽的理由。"},
    )  # fmt: skip
    announced = forms.CharField(
        label="这次用什么作种子", max_length=300, help_text=ANNOUNCED,
        error_messages={"required": "请写明用什么作种子。"},
    )  # fmt: skip
    excluded = Reasons(
        label="这次另外排除", required=False, help_text="一行一个：编号或者名称，空一格，写明理由。"
    )


@login_required
def draw_again(request: SignedInRequest, draw_id: UUID) -> HttpResponse:
    """The pools closed anew under the same rules; the earlier draw stays where it is."""
    former = get_object_or_404(draws_for(request.user), pk=draw_id)
    require_here(request, former.organization)
    form = AgainForm(request.POST or None)
    wrong = ""
    if form.is_bound and form.is_valid():
        given: Mapping[str, Any] = form.cleaned_data
        try:
            draw = DrawAgain(actor=request.user, draw=former, **given).execute()
        except ActionRefused as error:
            wrong = error.message
        else:
            messages.success(request, "名录已重新封存，原来的抽取保留可查。")
            return redirect("draw", draw.pk)
    context = {
        "title": "重抽",
        "form": form,
        "wrong": wrong,
        "crumbs": [("随机抽取", reverse("draws")), (former.title, reverse("draw", args=[former.pk]))],
    }
    return render(
        request, "workbench/supervision/close.html", context, status=422 if wrong or form.errors else 200
    )
