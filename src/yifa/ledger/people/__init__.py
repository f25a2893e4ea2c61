"""Who may do what where, and how names are understood and sorted."""
