"""The installation: founding it, its calendar, backups, journal, and whether the ledger holds."""

from yifa.workbench.views.installation.backups import backups, take_backup, verify_one
from yifa.workbench.views.installation.calendar import working_days
from yifa.workbench.views.installation.founding import init
from yifa.workbench.views.installation.journal import journal
from yifa.workbench.views.installation.ledger import verification

__all__ = [
    "backups",
    "init",
    "journal",
    "take_backup",
    "verification",
    "verify_one",
    "working_days",
]
