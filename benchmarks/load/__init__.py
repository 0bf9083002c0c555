"""Two hundred people at once, as `make bench-load` measures them.

A script of our own of some 300 lines, not a load library: the kept ones bring a framework for many
machines with them, and what is asked here is one process of people who think most of the time.
"""
