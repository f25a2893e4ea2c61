"""Pages of the check-up."""

from yifa.workbench.views.checks.downloads import check_download, check_summary
from yifa.workbench.views.checks.filing import file_check
from yifa.workbench.views.checks.ledger import check_ledger
from yifa.workbench.views.checks.results import check_part, check_result, check_results
from yifa.workbench.views.checks.start import (
    check_finish,
    check_forget,
    check_open,
    check_read,
    check_texts,
)

__all__ = [
    "check_download",
    "check_finish",
    "check_forget",
    "check_ledger",
    "check_open",
    "check_part",
    "check_read",
    "check_result",
    "check_results",
    "check_summary",
    "check_texts",
    "file_check",
]
