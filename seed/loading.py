"""Brings the database to what the fact tables say, in bulk; writes only what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, insert, select, update

from broker.db import Base, db

Row = dict[str, Any]
Key = tuple[Any, ...]

NO_CODES: Mapping[Any, str] = MappingProxyType({})


@dataclass(frozen=True)
class Tally:
    """What loading did to one table. `not_in_file` names rows kept although no file has them."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    not_in_file: tuple[str, ...] = ()

    def with_more(self, other: Tally) -> Tally:
        """Of two loads into one table: in no file is what neither had."""
        return Tally(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
            removed=self.removed + other.removed,
            not_in_file=tuple(row for row in self.not_in_file if row in other.not_in_file),
        )

    def __str__(self) -> str:
        counts = [f"{self.added} added", f"{self.changed} changed", f"{self.unchanged} unchanged"]
        if self.removed:
            counts.append(f"{self.removed} removed")
        if self.not_in_file:
            counts.append(f"{len(self.not_in_file)} not in file: {'; '.join(self.not_in_file)}")
        return ", ".join(counts)


@dataclass(frozen=True)
class LoadReport:
    """A tally per table, by the table's name in the database."""

    tables: Mapping[str, Tally]

    @property
    def written(self) -> int:
        """How many rows were added, changed or removed."""
        return sum(t.added + t.changed + t.removed for t in self.tables.values())

    def lines(self) -> list[str]:
        return [f"{name}: {tally}" for name, tally in self.tables.items()]


def ids_by_code(model: type[Base]) -> dict[str, int]:
    """The ids of regions, authorities or themes, by their code; by former codes too."""
    columns = model.__table__.c
    ids = {row.code: row.id for row in db.session.execute(select(columns.code, columns.id))}
    if "former_codes" in columns:
        for row in db.session.execute(select(columns.former_codes, columns.id)):
            ids |= {code: row.id for code in row.former_codes if code not in ids}
    return ids


def load_table(
    model: type[Base],
    key: Sequence[str],
    rows: Sequence[Row],
    *,
    removes: bool = False,
    codes: Mapping[Any, str] = NO_CODES,
) -> Tally:
    """Insert the rows whose key is new, update those that differ; remove strays if asked to.

    Every row has the same columns, the key's among them. `codes` gives the words for ids in keys,
    for the report.
    """
    stored = _stored(model, key, rows)
    new = [row for row in rows if _key(row, key) not in stored]
    differing = [
        {"id": stored[found]["id"], **row}
        for row in rows
        if (found := _key(row, key)) in stored and not row.items() <= stored[found].items()
    ]
    strays = stored.keys() - {_key(row, key) for row in rows}
    if removes:
        _remove(model, [stored[stray]["id"] for stray in strays])
    if differing:
        db.session.execute(update(model), differing)
    if new:
        db.session.execute(insert(model), new)
    return Tally(
        added=len(new),
        changed=len(differing),
        unchanged=len(rows) - len(new) - len(differing),
        removed=len(strays) if removes else 0,
        not_in_file=() if removes else tuple(sorted(_words(stray, codes) for stray in strays)),
    )


def _stored(model: type[Base], key: Sequence[str], rows: Sequence[Row]) -> dict[Key, Row]:
    """What the database holds of the rows' columns, and the ids, by key."""
    names = dict.fromkeys(["id", *key, *(rows[0] if rows else ())])
    found = db.session.execute(select(*(model.__table__.c[name] for name in names)))
    stored = [dict(zip(names, values, strict=True)) for values in found]
    return {_key(row, key): row for row in stored}


def _key(row: Row, key: Sequence[str]) -> Key:
    return tuple(row[name] for name in key)


def _words(key: Key, codes: Mapping[Any, str]) -> str:
    return " ".join(codes.get(part, str(part)) for part in key)


def _remove(model: type[Base], ids: Sequence[int]) -> None:
    if ids:
        db.session.execute(delete(model).where(model.__table__.c.id.in_(ids)))
