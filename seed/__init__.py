"""What the exchange starts with: the published facts, and the demonstration built on them."""
