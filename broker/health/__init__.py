"""How partnerships go: checks with their evidence, and a temperature in words."""
