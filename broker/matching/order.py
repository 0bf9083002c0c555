"""What ties are broken by, everywhere in this package."""

from functools import lru_cache
from hashlib import sha256


@lru_cache(maxsize=8192)
def seeded_rank(name: str, seed: int) -> str:
    """The same for a name and seed, wherever the name stands; another seed, another order."""
    return sha256(f"{seed}:{name}".encode()).hexdigest()
