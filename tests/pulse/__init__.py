"""Tests of the staff pulse."""
