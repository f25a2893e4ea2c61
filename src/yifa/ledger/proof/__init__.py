"""Does the ledger hold? Everything that can be computed anew is, and compared."""
