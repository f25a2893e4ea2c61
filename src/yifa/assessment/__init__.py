"""Assessment: scores of units by the indicator sets of the catalogue, each point a function of the ledger."""
