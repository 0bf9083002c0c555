"""PostgreSQL's own tools, run on our database. They must be as new as the server, or newer."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from broker.errors import NotPossible


def run(tool: str, *arguments: str, url: URL, tools: Path | None) -> None:
    """Run `pg_dump` or `pg_restore` on a database; its own words come back when it fails.

    The password goes through the environment: arguments can be read by every account.
    """
    password = {"PGPASSWORD": url.password} if url.password else {}
    place = f"--dbname={_place(url)}", "--no-password"
    _run(tool, *place, *arguments, tools=tools, environment=password)


def look_into(copy: Path, *, tools: Path | None) -> None:
    """Refuse a dump that `pg_restore` cannot read to its end."""
    _run("pg_restore", f"--file={os.devnull}", str(copy), tools=tools, environment={})


def _run(tool: str, *arguments: str, tools: Path | None, environment: dict[str, str]) -> None:
    program = shutil.which(tool, path=None if tools is None else str(tools))
    if program is None:
        where = f"in {tools}" if tools else "on the PATH"
        raise NotPossible(f"{tool} is not {where}. Install PostgreSQL's client, or set PG_TOOLS.")
    surroundings = os.environ | {"PGCONNECT_TIMEOUT": "20"} | environment
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env=surroundings)
    if done.returncode:
        raise NotPossible(f"{tool} could not: {done.stderr.strip()[-1500:]}")


def _place(url: URL) -> str:
    """Where the database is, without its password."""
    return url.set(drivername="postgresql", password=None).render_as_string()
