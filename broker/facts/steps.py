"""What one row of a file would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from broker.db import Base

Write = tuple[type[Base], int | None, dict[str, Any]]


@dataclass(frozen=True)
class Step:
    """`does`: added, changed, refused or unchanged. `writes`: (model, id or None, columns)."""

    row: int
    does: str
    what: str
    says: str = ""
    writes: tuple[Write, ...] = ()


def differences(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The columns that differ, in words: 'overall good → outstanding'."""
    return "; ".join(
        f"{name.removesuffix('_id').replace('_', ' ')}: {_word(before[name])} → {_word(value)}"
        for name, value in after.items()
        if before[name] != value
    )


def _word(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(getattr(value, "value", value)).replace("_", " ")
