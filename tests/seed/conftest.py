"""Tables to spoil and an empty database to load."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from broker import db as database
from broker.db import Base, db
from seed.facts import FOLDER

if TYPE_CHECKING:
    from tests.conftest import Databases


@dataclass(frozen=True)
class Tables:
    """A copy of the fact tables, to spoil. Lines count from 1, the header row."""

    folder: Path

    def lines(self, file: str) -> list[list[str]]:
        with (self.folder / file).open(encoding="utf-8", newline="") as table:
            return list(csv.reader(table))

    def write(self, file: str, lines: list[list[str]]) -> None:
        with (self.folder / file).open("w", encoding="utf-8", newline="") as table:
            csv.writer(table, lineterminator="\n").writerows(lines)

    def set_cell(self, file: str, line: int, column: str, value: str) -> None:
        lines = self.lines(file)
        lines[line - 1][lines[0].index(column)] = value
        self.write(file, lines)

    def add_line(self, file: str, cells: list[str]) -> None:
        self.write(file, [*self.lines(file), cells])

    def cut_lines(self, file: str, count: int = 1) -> None:
        """Drop the last lines."""
        self.write(file, self.lines(file)[:-count])


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    """The fact tables, with so few figures that reading them is quick."""
    copied = Tables(Path(shutil.copytree(FOLDER, tmp_path / "facts")))
    copied.write("indicator_values.csv", copied.lines("indicator_values.csv")[:40])
    return copied


@pytest.fixture
def empty_database(databases: Databases, unique: str) -> Iterator[None]:
    """A database with the schema and nothing in it, and a context to use it in."""
    name = f"facts_{unique}"
    databases.create(name)
    app = Flask("facts")
    database.init_app(app, databases.url(name).replace("postgresql://", "postgresql+psycopg://"))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        yield
        db.session.remove()
        db.engine.dispose()
    databases.drop(name)
