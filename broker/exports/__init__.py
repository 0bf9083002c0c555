"""Exports: one definition of columns per table, for the file and for its document."""
