"""The ledger itself: records in chains of digests, the files they name, and the whole of it as one file."""
