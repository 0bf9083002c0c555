"""Programmes: administrators add and change them (their managers' desk is broker/programme/)."""
