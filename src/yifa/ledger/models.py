"""What is stored. `Record` and `Seal` are the ledger; `Case`, `CaseAct`, `CaseClock`, `CaseFinding`, `Entry`,
`EntryVersion` and `CountedSpan` are projections of it, rebuilt by `yifa ledger rebuild`; the rest names who and where.

Nothing here is changed except through `yifa.ledger.actions`.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, NoReturn, TypeVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from yifa.ledger.scoping import CaseManager, EntryManager, OrganizationManager

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
        open_or_later = models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day)
        held = self.holdings.filter(open_or_later, valid_from__lte=day).select_related("person")
        return [holding.person for holding in held]


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


class Role(models.TextChoices):
    """The roles of design.md."""

    COORDINATOR = "coordinator", "法治办统筹"
    OFFICER = "officer", "承办人"
    REVIEWER = "reviewer", "法制审核"
    LEADER = "leader", "领导"
    SUPERVISOR = "supervisor", "督察监督"
    ASSESSOR = "assessor", "考核"
    PUBLISHER = "publisher", "公开"
    AUDITOR = "auditor", "审计"


class Membership(models.Model):
    """A role of a user in an organization; it reaches down to the units below."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organization", "role"], name="membership_once")
        ]


class Subject(models.TextChoices):
    """What a chain of records is about."""

    CASE = "case", "事项"
    ENTRY = "entry", "条目"
    ORGANIZATION = "organization", "单位"
    PLAN = "plan", "计划"
    REPORT = "report", "报告"
    ATTEMPT = "attempt", "被拒绝的办理"  # of the case with the same id


M = TypeVar("M", bound=models.Model)


class LedgerIsAppendOnlyError(TypeError):
    """Somebody's code tried to change or delete a record or seal. A fault of the program, not of a user."""

    def __init__(self) -> None:
        super().__init__("台账只能追加：记录和封存不得修改、不得删除；更正请另记一条。")


class AppendOnlyQuerySet(models.QuerySet[M]):
    """Refuses everything but reading and adding."""

    def update(self, **_: Any) -> NoReturn:
        """Refused."""
        raise LedgerIsAppendOnlyError

    def delete(self) -> NoReturn:
        """Refused."""
        raise LedgerIsAppendOnlyError


class AppendOnly(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores a new row; an existing one is refused."""
        if not self._state.adding:
            raise LedgerIsAppendOnlyError
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refused."""
        raise LedgerIsAppendOnlyError


class Record(AppendOnly):
    """One line of the ledger, never changed, never deleted.

    `payload` is canonical JSON (sorted keys, no spaces, UTF-8 as is). `digest` is SM3 over the previous digest of
    the same subject and every stored column of this line; `recorded_on` is the local day whose seal covers it.
    """

    subject = models.CharField(max_length=20, choices=Subject.choices)
    subject_id = models.UUIDField()
    position = models.PositiveIntegerField()  # from 1 within the subject
    kind = models.CharField(
        max_length=40
    )  # "case.opened", "act.recorded", "act.corrected", "entry.versioned" …
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    happened_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_on = models.DateField(db_index=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    payload = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "subject_id", "position"], name="record_position_once")
        ]


class Seal(AppendOnly):
    """The Merkle root over one day's records, chained to the day before."""

    day = models.DateField(unique=True)
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        ordering: ClassVar = ["day"]


class Case(models.Model):
    """One run of a procedure (projection)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case_type = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="cases", db_index=False)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True, db_index=True)
    level = models.CharField(max_length=20)
    jurisdiction = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    status = models.CharField(max_length=40)
    next_due = models.DateField(null=True)  # earliest deadline still running
    next_clock = models.CharField(max_length=60, blank=True)
    broken = models.PositiveIntegerField(default=0)  # deadlines broken and stopped
    findings_count = models.PositiveIntegerField(default=0)
    length = models.PositiveIntegerField(default=0)  # records in the chain; guards against two people at once
    last = models.PositiveBigIntegerField(default=0)  # id of the last record: whether anything changed
    head = models.CharField(max_length=64)  # digest of the last record
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CaseManager()

    class Meta:
        ordering: ClassVar = ["-opened_on", "-id"]
        verbose_name = "事项"
        indexes: ClassVar = [
            models.Index(fields=["opened_on", "id"], name="case_by_day"),
            models.Index(fields=["case_type", "opened_on", "id"], name="case_by_type"),
            models.Index(fields=["organization", "opened_on", "id"], name="case_by_unit"),
            models.Index(fields=["status", "opened_on", "id"], name="case_by_status"),
            models.Index(fields=["title", "opened_on", "id"], name="case_by_title"),
            models.Index(fields=["next_due", "opened_on", "id"], name="case_by_due"),
            models.Index(fields=["findings_count", "opened_on", "id"], name="case_by_findings"),
            models.Index(fields=["case_type", "last"], name="case_last"),
            models.Index(
                fields=["opened_on", "id"], name="case_open", condition=models.Q(closed_on__isnull=True)
            ),
            models.Index(
                fields=["opened_on", "id"], name="case_faulty", condition=models.Q(findings_count__gt=0)
            ),
            models.Index(fields=["closed_on"], name="case_by_closing"),
        ]

    def __str__(self) -> str:
        return self.title


class CaseAct(models.Model):
    """One act as it stands after corrections (projection). `record` is the last record that shaped it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="acts")
    position = models.PositiveIntegerField()  # entry position within the case, as the engine counts
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    act = models.CharField(max_length=60)
    happened_on = models.DateField()
    outcome = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=60, blank=True)
    unit = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    fields = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)  # [{"title", "attachment": sha256 | null}]
    entered = models.CharField(max_length=10)
    corrected = models.BooleanField(default=False)
    listed = models.JSONField(default=dict)  # how what it names stood on its day, as the engine knows it

    class Meta:
        ordering: ClassVar = ["happened_on", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "position"], name="case_act_position_once")
        ]
        indexes: ClassVar = [models.Index(fields=["act", "happened_on"])]


class CaseClock(models.Model):
    """One clock of a case (projection); overdue means: not stopped, a deadline, due before today."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    clock = models.CharField(max_length=60)
    minimum = models.BooleanField(default=False)
    started_on = models.DateField(null=True)
    due = models.DateField(null=True)
    stopped_on = models.DateField(null=True)
    paused = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["due"]
        indexes: ClassVar = [
            models.Index(
                fields=["due", "case", "clock"],
                name="clock_running",
                condition=models.Q(minimum=False, paused=False, stopped_on__isnull=True, due__isnull=False),
            )
        ]


class CaseFinding(models.Model):
    """One fault of procedure (projection)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="findings")
    kind = models.CharField(max_length=30)
    act = models.CharField(max_length=60, blank=True)
    clock = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField(null=True)  # the act's entry position
    message = models.TextField()
    basis = models.JSONField(null=True)  # {"law", "article"}


class CaseText(models.Model):
    """The words by which a case is found (projection): title, number, actors. Its pairs stand in an index beside it."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="words")
    text = models.TextField()


class Entry(models.Model):
    """One line of a register as it stands (projection)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="entries")
    key = models.CharField(max_length=120, db_index=True)
    title = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    begins = models.DateField(null=True, db_index=True)
    ends = models.DateField(null=True, db_index=True)
    version = models.PositiveIntegerField(default=1)
    withdrawn = models.BooleanField(default=False)
    length = models.PositiveIntegerField(default=0)  # records in the chain
    last = models.PositiveBigIntegerField(default=0)  # id of the last record
    head = models.CharField(max_length=64)

    objects = EntryManager()

    class Meta:
        ordering: ClassVar = ["register", "key"]
        verbose_name = "条目"
        indexes: ClassVar = [
            models.Index(fields=["register", "key", "id"], name="entry_by_key"),
            models.Index(fields=["register", "last"], name="entry_last"),
        ]

    def __str__(self) -> str:
        return self.title


class EntryVersion(models.Model):
    """One version of an entry (projection)."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    data = models.JSONField()
    happened_on = models.DateField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["version"]


class CountedRule(models.Model):
    """A definition of a counting rule under which spans were made. `complete`: of all cases or entries there are."""

    rule = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)  # of the definition and of what else its counting follows from
    complete = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "digest"], name="counted_rule_once")]


class Tally(models.Model):
    """A set of counting rules, with the part in each, that count the same things. Never changed."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=60, db_index=True)  # case type or register
    plain = models.BooleanField(default=True)  # its spans have neither `told` nor `part`


class TallyRule(models.Model):
    """One rule of a tally. `part` is the part of its breakdown, where the catalogue lists the parts there can be."""

    tally = models.ForeignKey(Tally, models.CASCADE, related_name="rules")
    rule = models.ForeignKey(CountedRule, models.CASCADE, related_name="tallies")
    part = models.TextField(null=True)  # noqa: DJ001 - no breakdown is not an empty part

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tally", "rule"], name="tally_rule_once")]


class CountedSpan(models.Model):
    """Something counted by the rules of a tally while the cut-off lies in [since, until) (projection)."""

    tally = models.ForeignKey(Tally, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="spans")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="spans")
    position = models.PositiveIntegerField()  # of the act in its case; 0 for an entry
    record = models.ForeignKey(
        Record, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )  # that says so
    standing = models.BooleanField(default=False)  # counts by how it stands, whatever the period's start
    on = models.DateField()
    since = models.DateField()
    until = models.DateField()
    amount = models.BigIntegerField(null=True)  # in millionths; None where that does not hold it
    told = models.TextField(null=True)  # noqa: DJ001 - nothing to tell it apart by is not an empty text
    part = models.TextField(null=True)  # noqa: DJ001 - the part, where the catalogue does not list the parts

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["tally", "on", "organization", "since", "until", "amount"], name="span_by_day"
            ),
            models.Index(
                fields=["tally", "until", "since", "organization"],
                name="span_standing",
                condition=models.Q(standing=True),
            ),
        ]


class Attachment(models.Model):
    """A file, stored once under its SHA-256 below YIFA_DATA/attachments."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class NumberSeries(models.Model):
    """The last serial number given out, per issuer, case type and year."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    case_type = models.CharField(max_length=60)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "case_type", "year"], name="series_once")
        ]


class CollectionGap(models.Model):
    """A unit's declaration that it does not collect what a counting rule counts: 「未采集」, which is not 0."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="collection_gaps")
    counting_rule = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    reason = models.TextField()


class ProjectionState(models.Model):
    """Under which rules the projections were made: when the catalogue or calendar changes they are made anew."""

    rules = models.CharField(max_length=128)
    built_at = models.DateTimeField()
