"""All templates, an office's own ones, and what papers say of an organization."""

from __future__ import annotations

import re
from itertools import groupby

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yifa.documents.actions import ChangeOffice
from yifa.documents.models import OfficeDetail
from yifa.documents.office import office_of
from yifa.documents.ownword import take_in
from yifa.documents.shelf import folder, shelf
from yifa.exchange import officelayouts
from yifa.law.documentfields import office_fields
from yifa.law.errors import YifaError
from yifa.law.loader import catalogue
from yifa.ledger.models import Organization, Role
from yifa.ledger.refusal import ActionRefused
from yifa.workbench.forms import SpecForm, StyledForm
from yifa.workbench.rights.access import SignedInRequest, bodies_for, has_role, require_here

KINDS = {
    "approval": "审批表",
    "notice": "通知、告知",
    "decision": "决定",
    "opinion": "意见",
    "answer": "答复",
    "record": "笔录、记录",
    "list": "清单、目录",
    "report": "报告",
    "letter": "函件、移送",
    "receipt": "凭证、回证",
    "agreement": "协议",
}
OWN = re.compile(r"own_[0-9]+\Z")


class TemplateForm(StyledForm):
    """An own Word template and the act it is for."""

    title = forms.CharField(label="文书名称", max_length=60, error_messages={"required": "请填写文书名称。"})
    act = forms.ChoiceField(label="用于哪个环节", error_messages={"required": "请选择环节。"})
    file = forms.FileField(
        label="Word 模板（.docx）",
        help_text="要填的地方写成 {{字段}}，字段名用台账里的名称，例如 {{当事人}}、{{开始日期}}。",
        error_messages={"required": "请选择 Word 模板。", "empty": "文件是空的。"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (f"{case.case_type}.{act_id}", f"{case.title}：{act.title}")
            for case in catalogue().case_types.values()
            for act_id, act in case.acts.items()
        ]
        self.fields["act"].choices = [("", "（请选择）"), *choices]  # type: ignore[attr-defined]


@login_required
def document_templates(request: SignedInRequest) -> HttpResponse:
    """Every template with the acts it serves; coordinators add their own."""
    may = has_role(request.user, [Role.COORDINATOR])
    form = TemplateForm(request.POST or None, request.FILES or None)
    refused: YifaError | None = None
    if request.method == "POST":
        require_here(request, None)
        if form.is_valid():
            try:
                _take_in(form)
                messages.success(
                    request, f"模板《{form.cleaned_data['title']}》已收下，从事项的文书列表里就能用。"
                )
                return redirect("document_templates")
            except YifaError as error:
                refused = error
    known, types = shelf(), catalogue().case_types
    rows = [
        (template, types[serves.case_type], types[serves.case_type].acts[serves.act])
        for template in known.templates.values()
        for serves in template.serves
    ]
    rows.sort(key=lambda row: (row[1].title, list(row[1].acts.values()).index(row[2])))
    context = {
        "title": "文书模板",
        "groups": [(case, list(rows)) for case, rows in groupby(rows, key=lambda row: row[1])],
        "count": len(known.templates),
        "kinds": KINDS,
        "own": known.own,
        "faults": known.faults,
        "layout_faults": officelayouts.faults(),
        "layouts": officelayouts.own(),
        "form": form,
        "may": may,
        "refused": refused,
        "crumbs": [("事项台账", reverse("cases"))],
    }
    bad = request.method == "POST"
    return render(request, "workbench/documents/templates.html", context, status=422 if bad else 200)


def _take_in(form: TemplateForm) -> None:
    case_id, _, act = form.cleaned_data["act"].partition(".")
    place = folder()
    used = (
        [int(path.stem[4:]) for path in place.glob("own_*.yaml") if OWN.match(path.stem)]
        if place.is_dir()
        else []
    )
    take_in(
        form.cleaned_data["file"].read(),
        name=f"own_{max(used, default=0) + 1}",
        title=form.cleaned_data["title"].strip(),
        case_type=catalogue().case_types[case_id],
        act=act,
    )


@login_required
@require_POST
def remove_template(request: SignedInRequest, template: str) -> HttpResponse:
    """Takes an own template off the shelf; papers made from it stay."""
    require_here(request, None)
    if template not in shelf().own or not OWN.match(template):
        raise Http404
    for suffix in ("yaml", "docx"):
        (folder() / f"{template}.{suffix}").unlink(missing_ok=True)
    messages.success(request, "模板已停用；已经制作的文书不受影响。")
    return redirect("document_templates")


class OfficeForm(SpecForm):
    """What papers say of an organization."""


@login_required
def office_details(request: SignedInRequest, code: str) -> HttpResponse:
    """Address, telephone, where remedies are sought: entered once, used by every paper."""
    organization = get_object_or_404(bodies_for(request.user), code=code)
    require_here(request, organization)
    row = OfficeDetail.objects.filter(organization=organization).first()
    form = OfficeForm(request.POST or None, specs=office_fields(), values=row.data if row else {})
    refused: YifaError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            ChangeOffice(actor=request.user, organization=organization, data=form.spec_values()).execute()
            messages.success(request, "已保存，今后的文书都用这些资料。")
            return redirect("office_details", code=organization.code)
        except ActionRefused as error:
            refused = error
    chain = Organization.objects.filter(code__in=organization.ancestor_codes()).order_by("-path")
    inherited = {
        office_fields()[name].title: value
        for name, value in office_of(list(chain)).items()
        if name in office_fields() and not (row and row.data.get(name))
    }
    context = {
        "title": "单位文书资料",
        "organization": organization,
        "form": form,
        "inherited": inherited,
        "refused": refused,
        "crumbs": [("文书模板", reverse("document_templates"))],
    }
    return render(request, "workbench/documents/office.html", context, status=422 if refused else 200)
