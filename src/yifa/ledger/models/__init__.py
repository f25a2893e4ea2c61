"""What is stored. `Record` and `Seal` are the ledger; what stands in `projected`, `counted` and `process` are
projections of it, rebuilt by `yifa ledger rebuild`; the rest names who and where.

Nothing here is changed except through `yifa.ledger.actions`.
"""

from yifa.ledger.models.counted import (
    CollectionGap,
    CountedRule,
    CountedSpan,
    Tally,
    TallyRule,
)
from yifa.ledger.models.people import (
    ADMINISTRATION,
    ORGANIZATION_NAMESPACE,
    Delegation,
    Membership,
    Organization,
    OrganizationName,
    Person,
    Post,
    PostHolding,
    Role,
    SeparationException,
    SignIn,
    User,
)
from yifa.ledger.models.process import Amendment, Edge, StaleChain, Step, Term, TermRun
from yifa.ledger.models.projected import (
    Case,
    CaseAct,
    CaseClock,
    CaseFinding,
    CaseText,
    Entry,
    EntryVersion,
    NumberSeries,
    ProjectionState,
    Rebuild,
)
from yifa.ledger.models.records import (
    AppendOnly,
    AppendOnlyQuerySet,
    Attachment,
    LedgerIsAppendOnlyError,
    Record,
    Seal,
    Subject,
)

__all__ = [
    "ADMINISTRATION",
    "ORGANIZATION_NAMESPACE",
    "Amendment",
    "AppendOnly",
    "AppendOnlyQuerySet",
    "Attachment",
    "Case",
    "CaseAct",
    "CaseClock",
    "CaseFinding",
    "CaseText",
    "CollectionGap",
    "CountedRule",
    "CountedSpan",
    "Delegation",
    "Edge",
    "Entry",
    "EntryVersion",
    "LedgerIsAppendOnlyError",
    "Membership",
    "NumberSeries",
    "Organization",
    "OrganizationName",
    "Person",
    "Post",
    "PostHolding",
    "ProjectionState",
    "Rebuild",
    "Record",
    "Role",
    "Seal",
    "SeparationException",
    "SignIn",
    "StaleChain",
    "Step",
    "Subject",
    "Tally",
    "TallyRule",
    "Term",
    "TermRun",
    "User",
]
