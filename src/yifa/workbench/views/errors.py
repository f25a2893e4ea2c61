"""Error pages: what happened and what to do, in plain Chinese."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yifa.ledger.chain.attachments import LIMIT
from yifa.ledger.installation.trouble import in_words
from yifa.workbench.forms import kept
from yifa.workbench.rights.gate import AddressTooLong
from yifa.workbench.serving.uploads import MEGABYTE, UploadTooLarge


def _page(
    request: HttpRequest, code: int, title: str, message: str, mend: str, **more: object
) -> HttpResponse:
    context = {"code": code, "title": title, "message": message, "mend": mend, **more}
    return render(request, "workbench/error.html", context, status=code)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    message, mend = _broken_limit(exception)
    return _page(request, 400, "请求有误", message, mend)


def _broken_limit(exception: Exception | None) -> tuple[str, str]:
    """Which limit a request broke, and how to keep to it."""
    if isinstance(exception, UploadTooLarge):
        return str(exception), f"请返回上一页，分几次上传；单个文件不超过 {LIMIT // MEGABYTE} MB。"
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
        return (
            f"填写和粘贴的文字一共超过 {most} MB 的上限，没有存入。",
            "请返回上一页，减少文字，或者存成文件上传。",
        )
    if isinstance(exception, TooManyFilesSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return f"一次上传的文件超过 {most} 个的上限，没有存入。", "请返回上一页，分几次上传。"
    if isinstance(exception, TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return f"一页填写的格数超过 {most} 个的上限，没有存入。", "请返回上一页，分几次填写，或者用导入。"
    if isinstance(exception, AddressTooLong):
        return str(exception), "请返回上一页，缩短查找的文字或者减少筛选条件。"
    return "浏览器发来的内容不完整。", "请返回上一页重试。"


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    reason = str(exception) if exception and str(exception) else "您的角色不能打开这个页面或办理这一步。"
    return _page(
        request, 403, "没有权限", reason, "确实需要办理的，请告诉本单位法治办，由安全管理员授予角色。"
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; also for what lies outside the user's units, so that its existence is not told."""
    return _page(
        request,
        404,
        "找不到这个页面",
        "地址有误，或者它不属于您所在单位及其下级。",
        "请从首页或列表重新进入。",
    )


def _bare(request: HttpRequest) -> HttpRequest:
    """The request without its session and user: to ask for them asks the database."""
    bare = HttpRequest()
    bare.META, bare.path, bare.path_info, bare.method = request.META, request.path, request.path_info, "GET"
    bare.user = AnonymousUser()
    return bare


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the machine is what failed. Drawn without a database."""
    words = in_words(sys.exc_info()[1])
    sent = request.method == "POST"
    undone = "这一步没有完成，台账没有改动。" if sent else "这个页面没有打开，台账没有改动。"
    request = _bare(request)
    if words is not None:
        mend = "请稍后重试；仍不行的，请把时间和这句话告诉系统管理员。"
        mend += "可返回上一页，填写的内容还在。" if sent else ""
        return _page(request, 503, "系统暂时用不了", f"{undone}{words}", mend)
    return _page(
        request, 500, "系统出错", undone, "请稍后重试；仍不行的，请把时间和正在做的事告诉系统管理员。"
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page or another site."""
    back = kept.sent_from_an_old_page(request)
    mend = "填写的内容已替您留着，回到表单核对后再提交。" if back else "请返回上一页刷新后再提交。"
    message = "这个页面打开得太久，或登录状态已变化，内容没有提交。"
    return _page(request, 403, "页面已过期", message, mend, back=back)
