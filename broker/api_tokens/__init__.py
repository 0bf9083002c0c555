"""Tokens of the API, as a programme's managers make, see and revoke them."""
