"""How a partnership ends: the tests, the checklist, the report, the looks back."""
