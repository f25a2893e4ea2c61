"""Assessment: the scores of units by indicator sets, and the year of an assessment from issue to the frozen result."""
