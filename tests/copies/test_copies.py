"""Backups come back whole, damaged ones are refused, and another database can take over."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, event, select, text

from broker import create_app
from broker.config import with_driver
from broker.copies.content import Content, as_modelled, content_of, differences
from broker.db import db, transaction
from broker.models.person import Person
from tests import people, stage
from tests.conftest import TODAY, Databases

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def with_tools(
    app: Flask, monkeypatch: pytest.MonkeyPatch, own_tools: Path | None, tmp_path: Path
) -> None:
    """PostgreSQL's programs, as new as the server that the tests run."""
    settings = replace(app.config["SETTINGS"], postgres_tools=own_tools, var=tmp_path)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setenv("TODAY", TODAY)


@pytest.fixture
def another(databases: Databases, unique: str) -> Iterator[str]:
    """The address of an empty database of the same kind."""
    name = f"another_{unique}"
    databases.create(name)
    yield databases.url(name)
    databases.drop(name)


def run(app: Flask, *words: str | Path) -> Result:
    result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    db.session.remove()
    return result


def held() -> Content:
    with db.engine.connect() as connection:
        return content_of(connection, as_modelled())


def rename(name: str) -> None:
    with transaction():
        db.session.get_one(Person, people.person("receiver").id).name = name


def test_what_was_changed_after_a_backup_is_as_before_once_it_is_restored(
    app: Flask, tmp_path: Path
) -> None:
    stage.set_up()
    rename("Director, Ærø ‮ 🙂 ' ; --")
    before, file = held(), tmp_path / "monday.zip"
    assert run(app, "backup", file).exit_code == 0
    rename("Somebody else")
    assert held() != before
    refused = run(app, "restore", file)
    assert refused.exit_code == 1 and "--replace" in refused.output
    result = run(app, "restore", file, "--replace")
    assert result.exit_code == 0, result.output
    assert "The ledger holds. Every chain holds." in result.output
    assert held() == before
    assert file.stat().st_mode & 0o077 == 0, "others on the machine can read it"
    kept = next(tmp_path.glob("before-*-monday.zip"))
    assert run(app, "restore", kept, "--replace").exit_code == 0
    assert people.person("receiver").name == "Somebody else"


def test_append_only_records_are_still_so_after_a_restore(app: Flask, tmp_path: Path) -> None:
    stage.set_up()
    run(app, "backup", tmp_path / "b.zip")
    assert run(app, "restore", tmp_path / "b.zip", "--replace").exit_code == 0
    with db.engine.connect() as connection, pytest.raises(Exception, match="append-only"):
        connection.execute(text("UPDATE event SET reason = 'never said'"))


def test_a_damaged_file_is_refused_and_changes_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    run(app, "backup", file)
    whole, before = file.read_bytes(), held()
    half, bent, junk = tmp_path / "half", tmp_path / "bent", tmp_path / "junk"
    half.write_bytes(whole[: len(whole) // 2])
    at = len(whole) // 2
    bent.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
    junk.write_bytes(b"PK\x03\x04" + b"\x00" * 1000)
    for wrong in (half, bent, junk, tmp_path / "absent"):
        result = run(app, "restore", wrong, "--replace")
        assert result.exit_code == 1 and "Traceback" not in result.output, wrong
        assert "backup" in result.output or "no file" in result.output
        assert held() == before


def test_a_backup_whose_copy_was_changed_is_refused_although_it_can_be_read(
    app: Flask, tmp_path: Path
) -> None:
    file, other = tmp_path / "b.zip", tmp_path / "other.zip"
    run(app, "backup", file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(other, "w") as forged:
        forged.writestr("backup.json", whole.read("backup.json"))
        inside = json.loads(whole.read("backup.json"))["inside"]
        forged.writestr(inside, whole.read(inside) + b"more")
    result = run(app, "restore", other, "--replace")
    assert result.exit_code == 1 and "its sums differ" in result.output


def test_a_backup_that_claims_what_it_does_not_hold_is_refused(
    app: Flask, tmp_path: Path, on_postgres: bool
) -> None:
    """SQLite's copy is looked into first; PostgreSQL's can only be counted once it is back."""
    file, other = tmp_path / "b.zip", tmp_path / "other.zip"
    run(app, "backup", file)
    rename("Somebody else")
    before = held()
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(other, "w") as forged:
        said = json.loads(whole.read("backup.json"))
        said["content"]["person"]["rows"] += 1
        forged.writestr("backup.json", json.dumps(said))
        forged.writestr(said["inside"], whole.read(said["inside"]))
    assert run(app, "restore", other, "--replace").exit_code == 1
    assert (held() == before) is not on_postgres


def test_a_backup_of_the_other_kind_of_database_says_what_to_do(app: Flask, tmp_path: Path) -> None:
    file, other = tmp_path / "b.zip", tmp_path / "other.zip"
    run(app, "backup", file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(other, "w") as forged:
        said = json.loads(whole.read("backup.json"))
        said["kind"] = {"sqlite": "postgresql", "postgresql": "sqlite"}[said["kind"]]
        forged.writestr("backup.json", json.dumps(said))
    result = run(app, "restore", other, "--replace")
    assert result.exit_code == 1 and "flask --app wsgi move" in result.output


def test_a_backup_that_cannot_be_written_says_so(app: Flask, tmp_path: Path) -> None:
    result = run(app, "backup", tmp_path / "nowhere" / "b.zip")
    assert result.exit_code == 1 and "There is no folder" in result.output
    assert list(tmp_path.iterdir()) == []


def test_everything_moves_to_another_database_and_goes_on_there(
    app: Flask, another: str, tmp_path: Path
) -> None:
    stage.set_up()
    result = run(app, "move", another)
    assert result.exit_code == 0, result.output
    engine = create_engine(with_driver(another))
    with engine.begin() as connection:
        assert list(differences(held(), content_of(connection, as_modelled()))) == []
        table = db.metadata.tables["theme"]
        connection.execute(table.insert(), [_a_theme(connection)])
    engine.dispose()
    again = run(app, "move", another)
    assert again.exit_code == 1 and "holds records already" in again.output


def test_a_copy_that_would_differ_is_not_kept(app: Flask, tmp_path: Path) -> None:
    def alter(_conn: object, _cursor: object, said: str, values: Any, *_rest: object) -> Any:
        if said.startswith("INSERT INTO region "):
            values = [(*one[:-1], f"{one[-1]}!") for one in values]
        return said, values

    event.listen(Engine, "before_cursor_execute", alter, retval=True)
    try:
        result = run(app, "move", f"sqlite:///{tmp_path / 'other.sqlite'}")
    finally:
        event.remove(Engine, "before_cursor_execute", alter)
    assert result.exit_code == 1 and "Nothing was moved" in result.output, result.output
    again = run(app, "move", f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert again.exit_code == 0, again.output


def test_it_moves_to_the_other_kind_of_database_and_back_without_a_difference(
    app: Flask, another: str, tmp_path: Path
) -> None:
    stage.set_up()
    before, file = held(), f"sqlite:///{tmp_path / 'other.sqlite'}"
    assert run(app, "move", file).exit_code == 0
    environ = {"MODE": "test", "VAR": str(tmp_path), "TODAY": TODAY, "DATABASE_URL": file}
    other = create_app(environ)
    with other.app_context():
        assert list(differences(before, held())) == []
        result = run(other, "move", another)
        db.engine.dispose()
    assert result.exit_code == 0, result.output
    engine = create_engine(with_driver(another))
    with engine.connect() as connection:
        assert list(differences(before, content_of(connection, as_modelled()))) == []
    engine.dispose()


def _a_theme(connection: Connection) -> dict[str, object]:
    """A new row beside those moved: its number must be free."""
    table = db.metadata.tables["theme"]
    row = dict(connection.execute(select(table).limit(1)).mappings().one())
    del row["id"]
    return {
        name: f"{value} too" if isinstance(value, str) else value for name, value in row.items()
    }


def test_an_address_that_is_none_moves_nothing(app: Flask) -> None:
    for wrong in ("nonsense", "mysql://host/name", "postgresql://127.0.0.1:1/none"):
        result = run(app, "move", wrong)
        assert result.exit_code == 1 and "Traceback" not in result.output, result.output
