"""How one's own case stands, by the number and the code on its receipt; and the receipt."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from yifa.law.loader import catalogue
from yifa.ledger.receipts import Standing, code_of, find_by_receipt, rate, receipt_of, standing
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import SignedInRequest
from yifa.workbench.views.cases.acting import seen_case
from yifa.workbench.views.portal.opening import for_everybody, opening, refuse_many

TRIES = 30


class InquiryForm(StyledForm):
    """What stands on the receipt."""

    number = forms.CharField(label="编号", max_length=100, help_text="照回执填写，括号用哪一种都可以。")
    code = forms.CharField(label="查询码", max_length=20, help_text="八位字母和数字，大小写都可以。")


class RatingForm(StyledForm):
    """What the party says of the answer."""

    outcome = forms.ChoiceField(label="评价", widget=forms.RadioSelect)
    remark = forms.CharField(
        label="意见", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


@for_everybody
def inquiry(request: HttpRequest) -> HttpResponse:
    """The form; with what stands on a receipt, the case, and the rating where it is time for it."""
    form, found, rating, thanks, status = InquiryForm(request.POST or None), None, None, "", 200
    if request.method == "POST" and form.is_valid():
        try:
            found, rating, thanks = _answer(request, form)
        except ActionRefused as refused:
            form.add_error(None, refused.message)
            status = 429 if refused.code == "too_much" else 422
    elif form.errors:
        status = 422
    context = {
        "title": "办件查询", "form": form, "found": found, "rating": rating, "thanks": thanks, "on": timezone.localdate(),
        **opening(request),
    }  # fmt: skip
    return render(request, "workbench/portal/inquiry.html", context, status=status)


def _answer(request: HttpRequest, form: InquiryForm) -> tuple[Standing, RatingForm | None, str]:
    refuse_many(request, "inquiry", TRIES)
    case, today = (
        find_by_receipt(form.cleaned_data["number"], form.cleaned_data["code"]),
        timezone.localdate(),
    )
    found = standing(case, today)
    if not found.ratings:
        return found, None, ""
    rating = RatingForm(request.POST if "rate" in request.POST else None)
    choices = rating.fields["outcome"]
    assert isinstance(choices, forms.ChoiceField)  # noqa: S101 - as declared above
    choices.choices = [(one, one) for one in found.ratings]
    if rating.is_bound and rating.is_valid():
        rate(case, rating.cleaned_data["outcome"], today, rating.cleaned_data["remark"])
        return standing(case, today), None, "评价已经收到，谢谢您。"
    return found, rating, ""


@login_required
def case_receipt(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """The receipt of a case, to be printed and handed over."""
    case = seen_case(request.user, case_id)
    receipt = receipt_of(case)
    if receipt is None:
        raise Http404
    kind = catalogue().case_types[case.case_type]
    context = {
        "title": "回执",
        "crumbs": [(case.title, reverse("case", args=[case.pk]))],
        "case": case,
        "kind": kind,
        "code": code_of(case),
        "address": request.build_absolute_uri(reverse("inquiry")),
        "rates": kind.acts[receipt.rates].title if receipt.rates is not None else "",
        "choice": opening(request)["choice"],
    }
    return render(request, "workbench/portal/receipt.html", context)
