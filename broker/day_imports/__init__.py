"""Spreadsheets of support days: read cell by cell, shown first, then logged."""
