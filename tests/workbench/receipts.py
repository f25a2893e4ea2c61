"""What people outside come for: a complaint with a receipt, a template that asks questions."""

from __future__ import annotations

from datetime import date

from yifa.ledger.actions import OpenCase, PublishEntry
from yifa.ledger.models import Case, Entry, Organization

RECEIVED = date(2026, 6, 1)


def complaint(organization: Organization) -> Case:
    """An enterprise complained."""
    return OpenCase(
        actor=None, organization=organization, case_type="business_complaint", act="receive", on=RECEIVED,
        facts={"subject": "重复提交材料", "enterprise": "某某饮食店", "due": "2026-06-30"}, entered="back",
    ).execute()  # fmt: skip


def template(organization: Organization) -> Entry:
    """A template of two questions."""
    return PublishEntry(
        actor=None, organization=organization, register="document_templates", on=date(2026, 1, 1),
        data={
            "name": "欠薪投诉书", "kind": "申请书", "version": "第一版", "from": "2026-01-01",
            "questions": ["姓名", "欠薪数额"], "text": "投诉人【姓名】。\n请求责令支付工资【欠薪数额】元。",
        },
    ).execute()  # fmt: skip
