"""Addresses of the workbench."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path

from yifa.workbench.views import (
    account,
    calendar,
    cases,
    checks,
    figures,
    gaps,
    home,
    ledger,
    people,
    plans,
    registers,
    reports,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", account.account, name="account"),
    path("cases/", cases.cases, name="cases"),
    path("cases/new/", cases.new_case, name="new_case"),
    path("cases/new/<str:case_type>/", cases.open_case, name="open_case"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/facts/", cases.change_facts, name="change_facts"),
    path("cases/<uuid:case_id>/acts/<str:act>/", cases.record, name="record_act"),
    path("cases/<uuid:case_id>/correct/<int:position>/", cases.correct, name="correct_act"),
    path("cases/<uuid:case_id>/files/<str:sha256>/", cases.attachment, name="attachment"),
    path("registers/", registers.registers, name="registers"),
    path("registers/<str:register>/", registers.register, name="register"),
    path("registers/<str:register>/new/", registers.new_entry, name="new_entry"),
    path("registers/entries/<uuid:entry_id>/", registers.entry, name="entry"),
    path("registers/entries/<uuid:entry_id>/files/<str:sha256>/", registers.entry_file, name="entry_file"),
    path("registers/entries/<uuid:entry_id>/revise/", registers.revise, name="revise_entry"),
    path("registers/entries/<uuid:entry_id>/withdraw/", registers.withdraw, name="withdraw_entry"),
    path("plans/", plans.plans, name="plans"),
    path("plans/import/", plans.import_plan, name="import_plan"),
    path("plans/<uuid:plan_id>/", plans.plan, name="plan"),
    path("plans/<uuid:plan_id>/due/", plans.set_due, name="set_due"),
    path("plans/<uuid:plan_id>/issue/", plans.issue, name="issue_plan"),
    path("plans/<uuid:plan_id>/withdraw/", plans.withdraw, name="withdraw_plan"),
    path("plans/tasks/<int:task_id>/", plans.edit_task, name="edit_task"),
    path("plans/tasks/<int:task_id>/wording/", plans.amend_task, name="amend_task"),
    path("plans/tasks/<int:task_id>/progress/", plans.record_progress, name="record_progress"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<str:rule>/", figures.figure, name="figure"),
    path("figures/<str:rule>/not-collected/", figures.decline, name="decline_figure"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/<str:gap>/", gaps.gap, name="gap"),
    path("reports/", reports.reports, name="reports"),
    path("reports/build/", reports.build, name="build_report"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("reports/<uuid:report_id>/rebuild/", reports.rebuild, name="rebuild_report"),
    path("reports/<uuid:report_id>/submit/", reports.submit, name="submit_report"),
    path("reports/<uuid:report_id>/sections/<int:section_id>/", reports.edit_section, name="edit_section"),
    path("reports/<uuid:report_id>/figures/<str:rule>/", reports.report_figure, name="report_figure"),
    path("reports/<uuid:report_id>/files/<str:kind>/", reports.download, name="download_report"),
    path("check/", checks.check_texts, name="check"),
    path("check/open/", checks.check_open, name="check_open"),
    path("check/read/", checks.check_read, name="check_read"),
    path("check/<str:token>/", checks.check_results, name="check_results"),
    path("check/<str:token>/finish/", checks.check_finish, name="check_finish"),
    path("check/<str:token>/forget/", checks.check_forget, name="check_forget"),
    path("check/<str:token>/all/<str:kind>/", checks.check_summary, name="check_summary"),
    path("check/<str:token>/<int:number>/", checks.check_result, name="check_result"),
    path("check/<str:token>/<int:number>/file/", checks.file_check, name="file_check"),
    path("check/<str:token>/<int:number>/ledger/", checks.check_ledger, name="check_ledger"),
    path("check/<str:token>/<int:number>/get/<str:kind>/", checks.check_download, name="check_download"),
    path("check/<str:token>/<int:number>/<str:part>/", checks.check_part, name="check_part"),
    path("calendar/", calendar.working_days, name="calendar"),
    path("ledger/", ledger.verification, name="verification"),
    path("people/", people.people, name="people"),
    path("people/units/new/", people.new_unit, name="new_unit"),
    path("people/new/", people.new_user, name="new_user"),
    path("people/<int:user_id>/", people.person, name="person"),
]

handler400 = "yifa.workbench.views.errors.bad_request"
handler403 = "yifa.workbench.views.errors.forbidden"
handler404 = "yifa.workbench.views.errors.not_found"
handler500 = "yifa.workbench.views.errors.failed"
