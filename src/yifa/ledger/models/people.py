"""Who and where: organizations with their names over time, posts and who held them, accounts and their roles."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from yifa.ledger.models.scoping import OrganizationManager

ORGANIZATION_NAMESPACE = uuid.UUID("5c1f6d2e-58a1-5d3b-9d5e-0f6a4f2b7c10")


class Organization(models.Model):
    """A body or one of its units. The body itself has no parent. Names are valid over time."""

    code = models.CharField("代码", max_length=40, unique=True)
    level = models.CharField("层级", max_length=20)  # county | zone | town | department
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField("路径", max_length=255, db_index=True)  # "/body/unit/": scoping by prefix
    name = models.CharField("名称", max_length=120)  # the name in force today; history in OrganizationName
    short_name = models.CharField("简称", max_length=60, blank=True)
    jurisdiction = models.CharField("法域", max_length=40, blank=True)
    document_code = models.CharField("机关代字", max_length=20, blank=True)  # for document numbers

    objects = OrganizationManager()

    class Meta:
        ordering: ClassVar = ["path"]
        verbose_name = "单位"

    def __str__(self) -> str:
        return self.name

    @property
    def subject_id(self) -> uuid.UUID:
        """The id of the organization's own chain of records; follows from the code, which never changes."""
        return uuid.uuid5(ORGANIZATION_NAMESPACE, self.code)

    def ancestor_codes(self) -> list[str]:
        """Codes from the body down to this organization itself."""
        return [code for code in self.path.split("/") if code]

    def name_on(self, day: date) -> str:
        """The name in force on a day; before the first known name that first one."""
        names = list(self.names.all())
        for held in names:
            if held.valid_from <= day and (held.valid_to is None or day <= held.valid_to):
                return held.name
        return names[0].name if names and day < names[0].valid_from else self.name


class OrganizationName(models.Model):
    """A name an organization had from a day until a day."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["valid_from"]


class Person(models.Model):
    """Somebody who holds posts or signs."""

    name = models.CharField("姓名", max_length=60)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post in an organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="posts")
    title = models.CharField("职务", max_length=60)
    principal = models.BooleanField("党政主要负责人", default=False)

    def __str__(self) -> str:
        return self.title

    def holders_on(self, day: date) -> list[Person]:
        """Who held the post on a day, in the order of taking it up."""
        return [
            held.person
            for held in self.holdings.all()
            if held.valid_from <= day and (held.valid_to is None or day <= held.valid_to)
        ]


class PostHolding(models.Model):
    """Who held a post from a day until a day."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="holdings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["valid_from"]


class User(AbstractUser):
    """An account. What it may do comes from its memberships."""

    display_name = models.CharField("姓名", max_length=60, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="users"
    )
    must_change = models.BooleanField(
        "须改密码", default=False
    )  # set by somebody else: changed before all else


class Role(models.TextChoices):
    """The roles of design.md. The last three administer: they see no case and hold apart from each other."""

    COORDINATOR = "coordinator", "法治办统筹"
    OFFICER = "officer", "承办人"
    REVIEWER = "reviewer", "法制审核"
    LEADER = "leader", "领导"
    SUPERVISOR = "supervisor", "督察监督"
    ASSESSOR = "assessor", "考核"
    PUBLISHER = "publisher", "公开"
    AUDITOR = "auditor", "审计"
    SYSTEM = "system_admin", "系统管理员"
    SECURITY = "security_admin", "安全管理员"
    AUDIT = "audit_admin", "审计管理员"


ADMINISTRATION = (Role.SYSTEM, Role.SECURITY, Role.AUDIT)


class Membership(models.Model):
    """A role of a user in an organization; it reaches down to the units below."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organization", "role"], name="membership_once")
        ]


class Delegation(models.Model):
    """Who acts for whom while away, with which of the absent one's roles, from a day until a day.

    The roles are the absent one's own memberships: what is revoked there is gone here, and what somebody holds only
    for another cannot be handed on.
    """

    absent = models.ForeignKey(User, models.CASCADE, related_name="delegations")
    deputy = models.ForeignKey(User, models.CASCADE, related_name="deputizing")
    memberships = models.ManyToManyField(Membership, related_name="delegations")
    cases = models.JSONField(default=list)  # ids of the only cases it holds for; empty: all
    begins = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField(null=True)  # ended before its day
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-begins", "-id"]


class SeparationException(models.Model):
    """A small body where one person holds two of the three administrations, said openly until a day."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="separation_exceptions")
    user = models.ForeignKey(User, models.CASCADE, related_name="separation_exceptions")
    reason = models.CharField(max_length=200)
    until = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)


class SignIn(models.Model):
    """A session of an account: when it began and from where. The session itself is Django's."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, db_index=True)
    began_at = models.DateTimeField(auto_now_add=True)
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-began_at"]
