"""Partnerships: approved matches at work, with the log of their support days."""
