"""What breaks in real life, done to the exchange as deployed: `make faults`.

Each fault happens on PostgreSQL, to real processes on loopback. Afterwards the
ledger must add up, every chain of events must hold, and nobody is told anything twice or not at
all. What the suite shows in seconds is not repeated here; `faults/__main__.py` names it.
"""
