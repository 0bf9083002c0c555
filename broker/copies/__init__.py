"""Copies of the whole database: backups, restoring them, moving to another database."""
