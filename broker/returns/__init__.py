"""Returns: a provider's quarter, built from its records."""
