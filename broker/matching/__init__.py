"""Who could help whom: rules, criteria, plans and their reasons.

Plain values in, plain values out. Nothing in this package imports the rest of the product.
"""
