"""What ties are broken by, everywhere in this package."""

from hashlib import sha256


def seeded_rank(name: str, seed: int) -> str:
    """The same for a name and seed, wherever the name stands; another seed, another order."""
    return sha256(f"{seed}:{name}".encode()).hexdigest()
