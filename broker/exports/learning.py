"""The columns of what the sector learns."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from broker.exports.tables import Column, Table
from broker.learning.queries import Line

C = Column

LEARNING: Table[Line] = Table(
    "what-we-are-learning",
    "a group of partnerships whose receivers have said how it went, or several groups that are too "
    "small to be told of apart; the lines of each 'by' add up to the same partnerships",
    (
        C("by", "theme, type, intensity, fit or moment.", lambda line: line.by.value),
        C("groups", "The group, or those that are told of together.", lambda line: line.names),
        C("receivers", "How many authorities, each counted once.", lambda line: line.receivers),
        C("partnerships", "How many partnerships.", lambda line: line.partnerships),
        C(
            "effectiveness",
            "The mean of the latest words, each receiver weighing the same, from 1 to 5. It goes "
            "with the group; it does not show that the group is why.",
            lambda line: Decimal(str(line.effectiveness)),
        ),
    ),
)

TABLES: tuple[Table[Any], ...] = (LEARNING,)
