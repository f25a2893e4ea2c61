"""Papers of cases (文书): filled from the ledger by templates, edited in Word and brought back, printed as a whole file."""
