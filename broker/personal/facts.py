"""What is held about a person as a file: a line for each fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from broker.exports.tables import Column, Table
from broker.personal.queries import Held


class Fact(NamedTuple):
    """One fact of one row. `row` numbers the rows, so that facts of the same one are told."""

    table: str
    link: str
    row: int
    what: str
    says: Any


FACTS: Table[Fact] = Table(
    "personal-data",
    "a fact that is held",
    (
        Column("Table", "where it is held", lambda fact: fact.table),
        Column("How it names you", "how that row is linked to the person", lambda fact: fact.link),
        Column("Row", "which row", lambda fact: fact.row),
        Column("What", "what the fact is", lambda fact: fact.what),
        Column("Says", "the fact", lambda fact: str(fact.says)),
    ),
)


def facts_of(held: Iterable[Held]) -> Iterator[Fact]:
    """Every fact that says something."""
    for number, one in enumerate(held, start=1):
        for name, value in one.says.items():
            if value not in (None, ""):
                yield Fact(one.table, one.link, number, name, value)
