"""Reviews: what the records say, how each side sees it, what was decided."""
