"""More days for a partnership: asked for, agreed by both, approved as a match is."""
