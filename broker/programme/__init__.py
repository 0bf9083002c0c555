"""The programme manager's desk: returns by quarter, freezing, downloads."""
