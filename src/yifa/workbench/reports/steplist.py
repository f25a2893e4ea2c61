"""The steps of signing off: who may take them, when, with which form, and the action each one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yifa.ledger.models import Role, User
from yifa.reporting import gates
from yifa.reporting.actions import (
    ConfirmParts,
    PublishReport,
    ReviewLegality,
    ReviewSecrecy,
    SendBack,
    Sending,
    SendToReview,
    SendToUnits,
    SignReport,
    SubmitReport,
    TakeBackReport,
)
from yifa.reporting.actions.publishing import PUBLISHERS
from yifa.reporting.actions.returning import OF_STATE
from yifa.reporting.actions.reviewing import may_review_secrecy
from yifa.reporting.models import Report, Step
from yifa.workbench.reports.access import coordinates, own_units
from yifa.workbench.reports.stepforms import (
    ConfirmForm,
    LegalityForm,
    PublishForm,
    ReturnForm,
    SecrecyForm,
    SignForm,
    StepForm,
    SubmitForm,
    TakeBackForm,
    page_content,
)
from yifa.workbench.rights.access import has_role

State = Report.State
Explanations = Mapping[str, str]
Run = Callable[[User, Report, Any, Explanations], Any]


@dataclass(frozen=True, kw_only=True)
class StepPage:
    """One step as a page."""

    title: str
    button: str
    says: str
    whom: str
    states: tuple[str, ...]
    who: Callable[[User, Report], bool]
    run: Run
    done: str
    form: type[StepForm] = StepForm
    checked: bool = False  # the check-up stands on the page
    reads: bool = True  # whoever takes it answers for the text
    danger: bool = False
    applies: Callable[[Report], bool] = lambda report: True
    gate: Callable[[Report], tuple[str, ...]] = lambda report: ()  # what holds it up
    given: Callable[[User, Report], bool] = lambda user, report: False  # taken already; it may be taken anew


def _in(*roles: str) -> Callable[[User, Report], bool]:
    return lambda user, report: has_role(user, roles, report.organization)


def _may_return(user: User, report: Report) -> bool:
    roles = [Role.COORDINATOR, *([OF_STATE[State(report.state)]] if report.state in OF_STATE else [])]
    return has_role(user, roles, report.organization) or (
        report.state == State.LEGAL_REVIEW and may_review_secrecy(user, report)
    )


def _confirmed(user: User, report: Report) -> bool:
    """Whether all of the user's units have said their word in this round."""
    said = gates.confirmations(report)
    return all(unit.pk in said for unit in own_units(user, report))


def _submit(user: User, report: Report, form: Any, given: Explanations) -> None:
    data = form.cleaned_data
    copies = [name.strip() for name in data.get("copies", "").replace("，", "、").split("、") if name.strip()]
    sending = Sending(
        above=data["above"],
        same=data.get("same", ""),
        congress=data.get("congress", False),
        copies=copies,
        document=data["document"],
    )
    SubmitReport(
        actor=user,
        report=report,
        explanations=given,
        sending=sending,
        on=data["on"],
        opinion=data["opinion"],
    ).execute()


def _publish(user: User, report: Report, form: Any, _: Explanations) -> None:
    data = form.cleaned_data
    content, name = page_content(form)
    PublishReport(
        actor=user,
        report=report,
        channel=data["channel"],
        link=data["link"],
        on=data["on"],
        content=content,
        name=name,
    ).execute()


def _plain(action: Any) -> Run:
    """An action that takes the form's fields as they are."""
    return lambda user, report, form, given: action(actor=user, report=report, **form.cleaned_data).execute()


STEPS: Mapping[str, StepPage] = {
    "send_to_units": StepPage(
        title="送单位核对",
        button="送单位核对",
        says="把合成的报告送给承担编写的单位，各单位核对自己的部分是否写对、数字是否属实。送出后正文不再改动，要改先退回草稿。",
        whom="本单位的“法治办统筹”角色",
        states=(State.DRAFT,),
        who=coordinates,
        run=_plain(SendToUnits),
        done="已送单位核对。",
        applies=lambda report: bool(gates.assigned_units(report)),
        gate=gates.before_units,
    ),
    "confirm": StepPage(
        title="核对报告",
        button="提交核对意见",
        says="核对报告中本单位承担的内容和数字。有意见的，写明哪里不对、应当怎样。",
        whom="承担编写的单位的承办人",
        states=(State.UNIT_REVIEW,),
        who=lambda user, report: bool(own_units(user, report)),
        form=ConfirmForm,
        given=_confirmed,
        run=_plain(ConfirmParts),
        done="核对意见已记录。",
    ),
    "send_to_review": StepPage(
        title="送审",
        button="送审",
        says="送合法性审查和保密审查。体检中的错误必须改正；提醒可以改正，也可以写明理由后保留。送审后正文不再改动。",
        whom="本单位的“法治办统筹”角色",
        states=(State.DRAFT, State.UNIT_REVIEW),
        who=coordinates,
        run=lambda user, report, form, given: SendToReview(
            actor=user, report=report, explanations=given, opinion=form.cleaned_data["opinion"]
        ).execute(),
        done="已送审。",
        checked=True,
        applies=lambda report: report.state == State.UNIT_REVIEW or not gates.assigned_units(report),
        gate=gates.before_review,
    ),
    "legality": StepPage(
        title="合法性审查",
        button="提交审查意见",
        says="审查报告的内容是否合法、依据是否现行有效。起草人员不能审查自己的报告。",
        whom="本单位的“法制审核”角色",
        states=(State.LEGAL_REVIEW,),
        who=_in(Role.REVIEWER),
        form=LegalityForm,
        given=lambda user, report: bool(gates.this_round(report, Step.Kind.LEGALITY)),
        run=_plain(ReviewLegality),
        done="合法性审查意见已记录。",
    ),
    "secrecy": StepPage(
        title="保密审查",
        button="提交审查意见",
        says="审查报告能否向社会公开。审查人应当在保密审查人员名册中。",
        whom="在保密审查人员名册中登记",
        states=(State.LEGAL_REVIEW,),
        who=may_review_secrecy,
        form=SecrecyForm,
        given=lambda user, report: bool(gates.this_round(report, Step.Kind.SECRECY)),
        run=_plain(ReviewSecrecy),
        done="保密审查意见已记录。",
    ),
    "sign": StepPage(
        title="签发",
        button="签发",
        says="签发后，文本的摘要记入台账；此后提交和公开的都应当是这个文本。",
        whom="本单位的“领导”角色",
        states=(State.LEADER,),
        who=_in(Role.LEADER),
        form=SignForm,
        run=_plain(SignReport),
        done="已签发。",
        applies=lambda report: not gates.this_round(report, Step.Kind.SIGNED),
        gate=gates.before_signing,
    ),
    "submit": StepPage(
        title="提交报告",
        button="提交",
        says="填写实际报送的对象和日期，记入年度报告报送和公开事项，与法定期限对照。报告列出的问题同时登记到存在问题清单。",
        whom="本单位的“法治办统筹”角色",
        states=(State.LEADER,),
        who=coordinates,
        form=SubmitForm,
        run=_submit,
        done="报告已提交，此后不再改动；文字摘要已记入台账。",
        checked=True,
        applies=lambda report: bool(gates.this_round(report, Step.Kind.SIGNED)),
        gate=gates.before_submission,
    ),
    "publish": StepPage(
        title="公开报告",
        button="登记公开",
        says="登记在哪里、什么时候公开，并把页面上的文字与签发文本逐行核对。",
        whom="本单位的“公开”或者“法治办统筹”角色",
        states=(State.SUBMITTED,),
        who=_in(*PUBLISHERS),
        form=PublishForm,
        reads=False,
        run=_publish,
        done="已登记公开。",
    ),
    "return": StepPage(
        title="退回",
        button="退回",
        says="退回到前面的步骤，后面的核对、审查、签发要重新办理。",
        whom="办理这一步的人员，或者“法治办统筹”角色",
        states=(State.UNIT_REVIEW, State.LEGAL_REVIEW, State.LEADER),
        who=_may_return,
        form=ReturnForm,
        reads=False,
        run=_plain(SendBack),
        done="已退回。",
        danger=True,
    ),
    "take_back": StepPage(
        title="撤回报告",
        button="撤回",
        says="撤回已提交的报告，修改后重新审查、签发、提交。已提交的文本和摘要仍然保留，可以在历次版本中查看。"
        "台账里的报送、公开登记一并撤回：重新办理以前法定期限按没有办理计算，过了期限的显示逾期。"
        "只是台账后来有了更正的，不必撤回：报告保持原样，更正在下一份报告里说明。",
        whom="本单位的“法治办统筹”或者“领导”角色",
        states=(State.SUBMITTED, State.PUBLISHED),
        who=_in(Role.COORDINATOR, Role.LEADER),
        form=TakeBackForm,
        reads=False,
        run=_plain(TakeBackReport),
        done="已撤回，报告回到草稿。",
        danger=True,
    ),
}
