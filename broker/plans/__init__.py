"""The plan of a partnership: versions that both sides agree to, and what differs between them."""
