"""What is stored. `Record` and `Seal` are the ledger; what stands in `projected` and `counted` are projections of it,
rebuilt by `yifa ledger rebuild`; the rest names who and where.

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
    ORGANIZATION_NAMESPACE,
    Membership,
    Organization,
    OrganizationName,
    Person,
    Post,
    PostHolding,
    Role,
    User,
)
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
    "ORGANIZATION_NAMESPACE",
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
    "Record",
    "Role",
    "Seal",
    "Subject",
    "Tally",
    "TallyRule",
    "User",
]
