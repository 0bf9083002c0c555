"""Intervention: entered, corrected and ended by administrators, shown as dated facts."""
