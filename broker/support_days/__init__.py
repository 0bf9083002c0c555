"""Support days: the log of what was given, by whom, and whether both sides say so."""
