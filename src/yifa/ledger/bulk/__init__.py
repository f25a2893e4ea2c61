"""Many cases or entries in one transaction, with the records the actions would make one by one."""
