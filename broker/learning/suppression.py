"""Which groups of a table may be told apart: none that points at somebody, by itself or by taking
the others from the whole."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Set
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def kept_together(groups: Mapping[Name, Set[int]], *, least: int) -> set[Name]:
    """The groups that are told of only together; every other one may stand by itself.

    A group is a set of those who stand in it; somebody may stand in several. First those of fewer
    than `least` go together; then the smallest of the others, until together they are that many.
    """
    together = {name for name, members in groups.items() if len(members) < least}
    rest = sorted(groups.keys() - together, key=lambda name: (len(groups[name]), str(name)))
    inside: set[int] = set().union(*(groups[name] for name in together))
    while together and rest and len(inside) < least:
        name = rest.pop(0)
        together.add(name)
        inside |= groups[name]
    return together
