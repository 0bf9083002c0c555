"""The verbs, a file for each kind of record. `broker/workflow.py` puts them together."""
