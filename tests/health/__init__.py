"""Tests of how partnerships go."""
