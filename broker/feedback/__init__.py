"""Feedback on partnerships: given by the receiver, shared back, and told together."""
