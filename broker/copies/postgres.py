"""PostgreSQL's own tools, run on our database. They must be as new as the server, or newer."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from broker.copies.hearing import Hear, nobody
from broker.errors import NotPossible

STILL = 5.0  # seconds between two calls of whoever hears


def run(tool: str, *arguments: str, url: URL, tools: Path | None, hear: Hear = nobody) -> None:
    """Run `pg_dump` or `pg_restore` on a database; its own words come back when it fails.

    The password goes through the environment: arguments can be read by every account. They do not
    say how far they are: whoever hears is called every few seconds all the same.
    """
    password = {"PGPASSWORD": url.password} if url.password else {}
    place = f"--dbname={_place(url)}", "--no-password"
    _run(tool, *place, *arguments, tools=tools, environment=password, hear=hear)


def look_into(copy: Path, *, tools: Path | None) -> None:
    """Refuse a dump that `pg_restore` cannot read to its end."""
    _run("pg_restore", f"--file={os.devnull}", str(copy), tools=tools, environment={}, hear=nobody)


def _run(
    tool: str, *arguments: str, tools: Path | None, environment: dict[str, str], hear: Hear
) -> None:
    program = shutil.which(tool, path=None if tools is None else str(tools))
    if program is None:
        where = f"in {tools}" if tools else "on the PATH"
        raise NotPossible(f"{tool} is not {where}. Install PostgreSQL's client, or set PG_TOOLS.")
    surroundings = os.environ | {"PGCONNECT_TIMEOUT": "20"} | environment
    running = subprocess.Popen(
        [program, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings,
    )
    said = _heard_out(running, hear)
    if running.returncode:
        raise NotPossible(f"{tool} could not: {said.strip()[-1500:]}")


def _heard_out(running: subprocess.Popen[str], hear: Hear) -> str:
    """What it says of what goes wrong, once it has ended; it ends too where `hear` raises."""
    with running:
        try:
            while True:
                hear(0)
                try:
                    return running.communicate(timeout=STILL)[1]
                except subprocess.TimeoutExpired:
                    continue
        finally:
            running.kill()


def _place(url: URL) -> str:
    """Where the database is, without its password (`URL.set` takes None for 'as it is')."""
    place = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return place.update_query_dict(url.query).render_as_string()
