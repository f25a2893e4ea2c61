"""The submitted report is published, and what stands on the page is set against what was signed (D3-07)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from yifa.ledger.actions import PublishEntry, ReviseEntry, StoreAttachment
from yifa.ledger.actions.base import said, today
from yifa.ledger.legal import no_power
from yifa.ledger.models import Attachment, Role
from yifa.ledger.people.needs import Needs
from yifa.ledger.refusal import ActionRefused
from yifa.reporting import cuts, duty, gates
from yifa.reporting.actions.base import ReportingAction, name_of, refuse_unless
from yifa.reporting.actions.signing import SigningAction, number_of
from yifa.reporting.models import Report, ReportVersion, Step, TextComparison
from yifa.reporting.published import Found, set_against

PUBLISHERS = (Role.PUBLISHER, Role.COORDINATOR)
PUBLISHED_TEXTS = "published_texts"


def signed_version(report: Report) -> ReportVersion | None:
    """The text that was signed last."""
    step = report.steps.filter(kind=Step.Kind.SIGNED).select_related("version").order_by("-id").first()
    return step.version if step else None


@dataclass(frozen=True, kw_only=True)
class ComparePublished(ReportingAction[TextComparison]):
    """Sets a text against the signed one: before it goes on a page (no link), or as found there.

    With a link the result goes on the register `published_texts`; where it differs, or holds foreign words, the gap
    lists of the catalogue raise the alarm until a later look finds it right.
    """

    needs = Needs("核对公开文本", PUBLISHERS)

    report: Report
    content: bytes
    name: str
    link: str = ""

    def check(self) -> None:
        """Refuses other roles and a report that nobody has signed."""
        self._admit(self.report.organization)
        if signed_version(self.report) is None:
            raise ActionRefused(f"“{self.report.title}”还没有签发，没有可以对照的文本。", code="state")
        if not self.content.strip():
            raise ActionRefused("请粘贴公开的文字，或者选择文件。", code="invalid", field="text")

    def _change(self) -> TextComparison:
        version = signed_version(self.report)
        if version is None:
            raise ActionRefused(f"“{self.report.title}”还没有签发，没有可以对照的文本。", code="state")
        found = set_against(version, self.content, self.name)
        stored: Attachment = StoreAttachment(actor=self.actor, content=self.content, name=self.name).execute()
        row = TextComparison.objects.create(
            report=self.report,
            version=version,
            link=self.link.strip(),
            name=self.name,
            digest=found.digest,
            same=found.same,
            differences=[{"before": one.before, "after": one.after} for one in found.differences],
            foreign=[{"message": message, "excerpt": excerpt} for message, excerpt in found.foreign],
            around=list(found.around),
            made_by=self.actor,
        )
        self._record(
            self.report,
            "report.compared",
            {
                "link": row.link,
                "attachment": stored.pk,
                "signed_digest": version.digest,
                "digest": row.digest,
                "same": row.same,
                "foreign": [excerpt for _, excerpt in found.foreign],
            },
            today(),
        )
        if row.link:
            _keep_seen(self.report, row, found)
        return row


@dataclass(frozen=True, kw_only=True)
class PublishReport(SigningAction):
    """Says where and when the report was published. With the page's text it is compared at once."""

    needs = Needs("公开年度报告", PUBLISHERS)

    channel: str
    link: str
    content: bytes = b""
    name: str = "公开页面.txt"

    def check(self) -> None:
        """Refuses other roles, what is not submitted, what the secrecy review withholds, a day to come."""
        self._admit(self.report.organization)
        refuse_unless(self.report, [Report.State.SUBMITTED], "公开")
        said(self.channel, "公开渠道", "channel", 100)
        said(self.link, "网址或者版面", "link", 300)
        self._day()
        secrecy = gates.this_round(self.report, Step.Kind.SECRECY)
        if not secrecy or secrecy[-1].outcome == duty.WITHHELD:
            raise ActionRefused("保密审查的结论是不公开，不能向社会公开。", code="refused")

    def _change(self) -> Report:
        compared = self._compare() if self.content.strip() else None
        self.report.published_at = timezone.now()
        self.report.save(update_fields=["published_at"])
        details = {"channel": self.channel.strip(), "link": self.link.strip()}
        digest = {"published_digest": compared.digest, "as_signed": compared.same} if compared else {}
        self._take(Step.Kind.PUBLISHED, Report.State.PUBLISHED, details={**details, **digest})
        fields = {**details, **({"published_digest": compared.digest} if compared else {})}
        papers = [{"title": "公开页面截图或者报刊版面", "attachment": None}]
        duty.record(self.report, "publish", self._day(), by=name_of(self.actor), fields=fields, papers=papers)
        return self.report

    def _compare(self) -> TextComparison:
        return ComparePublished(
            actor=self.actor, report=self.report, content=self.content, name=self.name, link=self.link
        ).execute()


def _keep_seen(report: Report, row: TextComparison, found: Found) -> None:
    """What was seen on a page, one entry a page; seen again it gets a new version."""
    if no_power(report.organization.level, register=PUBLISHED_TEXTS) is not None:
        return
    words = [excerpt or message for message, excerpt in found.foreign]
    data = {
        "link": row.link,
        "number": number_of(report),
        "title": report.title,
        "digest": row.digest,
        "foreign_words": words,
        "explained": cuts.settled(row),
        "cuts": cuts.said(row),
        "seen_on": today().isoformat(),
    }
    standing = cuts.entry_of(report, row.link)
    if standing is None:
        data["link"] = row.link[:120]
        PublishEntry(
            actor=None, organization=report.organization, register=PUBLISHED_TEXTS, data=data, on=today()
        ).execute()
    else:
        data["link"] = standing.key
        ReviseEntry(actor=None, entry=standing, data=data, on=today(), reason="再次核对").execute()
