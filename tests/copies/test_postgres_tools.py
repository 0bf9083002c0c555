"""PostgreSQL's own tools are told by an argument where the database is, but not its password."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from broker.copies import postgres
from broker.errors import NotPossible

SAYS_WHAT_IT_IS_TOLD = """#!/bin/sh
echo "password <$PGPASSWORD>, arguments <$*>" >&2
exit 1
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    tool = tmp_path / "pg_dump"
    tool.write_text(SAYS_WHAT_IT_IS_TOLD)
    tool.chmod(0o755)
    return tmp_path


def told(tools: Path, database: str) -> str:
    """What the tool was told, in its own words."""
    with pytest.raises(NotPossible) as refused:
        postgres.run("pg_dump", "--format=custom", url=make_url(database), tools=tools)
    return str(refused.value)


def test_a_password_goes_through_the_environment_and_stands_in_no_argument(tools: Path) -> None:
    said = told(tools, "postgresql+psycopg://exchange:s%40crét@database:5433/exchange")
    assert "password <s@crét>" in said
    assert (
        "arguments <--dbname=postgresql://exchange@database:5433/exchange "
        "--no-password --format=custom>" in said
    )


@pytest.mark.parametrize(
    "place",
    [
        "postgresql:///exchange?host=%2Frun%2Fpostgresql",
        "postgresql://db.example/x?sslmode=require",
    ],
)
def test_without_a_password_none_is_made_up_and_what_else_was_said_stands(
    tools: Path, place: str
) -> None:
    said = told(tools, place.replace("postgresql:", "postgresql+psycopg:"))
    assert "password <>" in said
    assert f"--dbname={place} " in said
