"""Grants: what a programme pays a provider for a year, and what was given for it."""
