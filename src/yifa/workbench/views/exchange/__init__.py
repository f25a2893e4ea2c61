"""Lists in and out: start, import with its columns and result, reconciliation, what is kept of them."""

from yifa.workbench.views.exchange.comparing import reconciliation, reconciliation_file, settle_rows
from yifa.workbench.views.exchange.importing import (
    import_list,
    import_marked,
    import_progress,
    import_rows,
    undo_import,
)
from yifa.workbench.views.exchange.kept import kept_mappings, reconciliations
from yifa.workbench.views.exchange.start import exchange, exchange_sample

__all__ = [
    "exchange",
    "exchange_sample",
    "import_list",
    "import_marked",
    "import_progress",
    "import_rows",
    "kept_mappings",
    "reconciliation",
    "reconciliation_file",
    "reconciliations",
    "settle_rows",
    "undo_import",
]
