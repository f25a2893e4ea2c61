"""Lists in and out: import of cases and entries from sheets, reconciliation with the lists of others."""
