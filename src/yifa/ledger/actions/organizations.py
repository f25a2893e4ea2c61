"""Organizations, their names over time, posts and who holds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from yifa.law.loader import catalogue
from yifa.ledger.actions.base import Action, said
from yifa.ledger.chain.appending import append_record
from yifa.ledger.models import (
    CollectionGap,
    Organization,
    OrganizationName,
    Person,
    Post,
    PostHolding,
    Record,
    Role,
    Subject,
    User,
)
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused

CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
REGION = re.compile(r"[1-9][0-9]{5}")
FIRST_DAY = date(1949, 10, 1)  # a name or post whose beginning is not known


def record_of(
    organization: Organization, kind: str, on: date | None, actor: User | None, payload: Mapping[str, Any]
) -> Record:
    """Appends to the organization's own chain."""
    return append_record(
        Subject.ORGANIZATION, organization.subject_id, kind, organization, on, actor, payload
    )


@dataclass(kw_only=True)
class CreateOrganization(Action[Organization]):
    """Adds the body (no parent) or one of its units."""

    needs = Needs("新增单位", (Role.SYSTEM,))

    actor: User | None
    code: str
    name: str
    level: str
    parent: Organization | None = None
    short_name: str = ""
    jurisdiction: str = ""
    document_code: str = ""
    region: str = ""  # code of the administrative division, for the body
    valid_from: date = FIRST_DAY

    def check(self) -> None:
        """Refuses a wrong code, a code twice, an unknown level, a second body."""
        if self.parent is not None:
            self._admit(self.parent)
        elif Organization.objects.filter(parent=None).exists():
            raise ActionRefused("本系统已经有一个机关；请把新单位建在它的下面。", code="duplicate")
        said(self.name, "单位名称", "name", 120)
        if not CODE.fullmatch(self.code):
            raise ActionRefused(
                f"单位代码「{self.code}」不能用：只能由 1 至 40 个字母、数字、横线组成，例如 sfj。",
                code="invalid",
                field="code",
            )
        if Organization.objects.filter(code__iexact=self.code).exists():
            raise ActionRefused(
                f"单位代码「{self.code}」已被使用，请换一个。", code="duplicate", field="code"
            )
        if self.region and not REGION.fullmatch(self.region):
            raise ActionRefused(
                "行政区划代码是六位数字，例如 511124；没有代码的可不填。", code="invalid", field="region"
            )
        levels = catalogue().levels
        if self.level not in levels:
            known = "、".join(f"{key}（{profile.title}）" for key, profile in levels.items())
            raise ActionRefused(
                f"没有「{self.level}」这个层级。可选：{known}。", code="invalid", field="level"
            )

    def _change(self) -> Organization:
        organization = Organization.objects.create(
            code=self.code,
            level=self.level,
            parent=self.parent,
            path=f"{self.parent.path if self.parent else '/'}{self.code}/",
            name=self.name.strip(),
            short_name=self.short_name,
            jurisdiction=self.jurisdiction,
            document_code=self.document_code,
        )
        OrganizationName.objects.create(
            organization=organization,
            name=organization.name,
            short_name=self.short_name,
            valid_from=self.valid_from,
        )
        payload = {
            "code": self.code,
            "name": organization.name,
            "short_name": self.short_name,
            "level": self.level,
            "parent": self.parent.code if self.parent else None,
            "jurisdiction": self.jurisdiction,
            "document_code": self.document_code,
        }
        if self.region:
            payload["region"] = self.region
        record_of(organization, "organization.created", self.valid_from, self.actor, payload)
        return organization


@dataclass(kw_only=True)
class RenameOrganization(Action[Organization]):
    """Gives an organization another name from a day on; the old one stands for the days before."""

    needs = Needs("更改单位名称", (Role.SYSTEM,))

    actor: User | None
    organization: Organization
    name: str
    on: date
    short_name: str = ""

    def check(self) -> None:
        """Refuses a name that begins before the present one."""
        self._admit(self.organization)
        said(self.name, "单位名称", "name", 120)
        last = self.organization.names.order_by("-valid_from").first()
        if last is not None and self.on <= last.valid_from:
            raise ActionRefused(
                f"新名称的启用日期应晚于现用名称「{last.name}」的启用日期{last.valid_from:%Y年%-m月%-d日}。",
                code="invalid",
                field="on",
            )

    def _change(self) -> Organization:
        organization = Organization.objects.select_for_update().get(pk=self.organization.pk)
        before = organization.name
        organization.names.filter(valid_to=None).update(valid_to=self.on - timedelta(days=1))
        OrganizationName.objects.create(
            organization=organization, name=self.name.strip(), short_name=self.short_name, valid_from=self.on
        )
        organization.name, organization.short_name = self.name.strip(), self.short_name
        organization.save(update_fields=["name", "short_name"])
        payload = {"name": organization.name, "short_name": self.short_name, "before": before}
        record_of(organization, "organization.renamed", self.on, self.actor, payload)
        return organization


@dataclass(kw_only=True)
class CreatePost(Action[Post]):
    """Adds a post to an organization."""

    needs = Needs("设置职务", (Role.SYSTEM,))

    actor: User | None
    organization: Organization
    title: str
    principal: bool = False

    def check(self) -> None:
        """Refuses a post the organization already has."""
        self._admit(self.organization)
        title = said(self.title, "职务名称", "title", 60)
        if Post.objects.filter(organization=self.organization, title=title).exists():
            raise ActionRefused(
                f"「{self.organization}」已有“{title}”这一职务。", code="duplicate", field="title"
            )

    def _change(self) -> Post:
        post = Post.objects.create(
            organization=self.organization, title=self.title.strip(), principal=self.principal
        )
        payload = {"title": post.title, "principal": self.principal}
        record_of(self.organization, "post.created", None, self.actor, payload)
        return post


@dataclass(kw_only=True)
class HoldPost(Action[PostHolding]):
    """Somebody takes up a post; whoever held it until then leaves it the day before."""

    needs = Needs("登记任职", (Role.SYSTEM,))

    actor: User | None
    post: Post
    person: Person | str
    valid_from: date
    valid_to: date | None = None

    def check(self) -> None:
        """Refuses an end before the beginning and a time at which somebody else took up the post later."""
        self._admit(self.post.organization)
        said(self.person if isinstance(self.person, str) else self.person.name, "姓名", "person", 60)
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ActionRefused("离任日期早于任职日期，请改正。", code="invalid", field="valid_to")
        overlap = Q(valid_to__isnull=True) | Q(valid_to__gte=self.valid_from)
        later = self.post.holdings.filter(overlap, valid_from__gte=self.valid_from)
        if self.valid_to is not None:
            later = later.filter(valid_from__lte=self.valid_to)
        other = later.select_related("person").first()
        if other is not None:
            raise ActionRefused(
                f"{other.person}自{other.valid_from:%Y年%-m月%-d日}起任“{self.post}”，与所填时间重叠；"
                "请核对任职起止日期。",
                code="invalid",
                field="valid_from",
            )

    def _change(self) -> PostHolding:
        person = self.person
        if isinstance(person, str):
            person = Person.objects.create(name=person.strip())
        before = Q(valid_to__isnull=True) | Q(valid_to__gte=self.valid_from)
        self.post.holdings.filter(before, valid_from__lt=self.valid_from).update(
            valid_to=self.valid_from - timedelta(days=1)
        )
        holding = PostHolding.objects.create(
            post=self.post, person=person, valid_from=self.valid_from, valid_to=self.valid_to
        )
        payload = {"post": self.post.title, "person": person.name, "to": self.valid_to}
        record_of(self.post.organization, "post.held", self.valid_from, self.actor, payload)
        return holding


@dataclass(kw_only=True)
class DeclareNotCollected(Action[CollectionGap]):
    """A unit says that it does not collect what a counting rule counts; the figure then is 「未采集」, not 0."""

    needs = Needs("声明未采集", (Role.COORDINATOR,))

    actor: User | None
    organization: Organization
    counting_rule: str
    valid_from: date
    reason: str
    valid_to: date | None = None

    def check(self) -> None:
        """Refuses an unknown rule and a declaration without a reason."""
        self._admit(self.organization)
        said(self.reason, "未采集的原因", "reason")
        if self.counting_rule not in catalogue().counting_rules:
            raise ActionRefused(
                f"没有「{self.counting_rule}」这个口径。", code="missing", field="counting_rule"
            )
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ActionRefused("截止日期早于起始日期，请改正。", code="invalid", field="valid_to")

    def _change(self) -> CollectionGap:
        gap = CollectionGap.objects.create(
            organization=self.organization,
            counting_rule=self.counting_rule,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            reason=self.reason.strip(),
        )
        payload = {"counting_rule": gap.counting_rule, "to": gap.valid_to, "reason": gap.reason}
        record_of(self.organization, "collection.declined", self.valid_from, self.actor, payload)
        return gap
