"""A region on a page: what its authorities offer and want, and what nobody within reach gives."""
