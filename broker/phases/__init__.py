"""The phases of a partnership: their rhythm and style, the pause, days spread otherwise."""
