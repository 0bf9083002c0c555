"""Tests of what authorities read first."""
