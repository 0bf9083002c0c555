"""`flask backup`, `flask restore`, `flask move`: copies of the whole database."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from broker.copies.backups import KINDS, back_up
from broker.copies.moving import move as move_to
from broker.copies.restoring import broken
from broker.copies.restoring import restore as bring_back
from broker.errors import NotPossible

FILE = click.Path(dir_okay=False, path_type=Path, resolve_path=True)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write everything the database holds at one moment to FILE, while people go on working."""
    try:
        made = back_up(file)
    except NotPossible as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(f"{made.rows:,} rows of {KINDS[made.kind]}, schema {made.schema}: {file}")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Although the database holds something already.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Bring the backup in FILE back, and prove that all of it is there (exit 1 if not)."""
    try:
        made, before = bring_back(file, replace=replace)
    except NotPossible as refusal:
        raise click.ClickException(refusal.words) from None
    if before:
        click.echo(f"What stood before is kept: {before}")
    click.echo(f"{made.rows:,} rows are back, as they stood {made.made_at}; table by table, equal.")
    wrong = list(broken())
    for line in wrong:
        click.echo(line)
    click.echo(f"{len(wrong)} found." if wrong else "The ledger holds. Every chain holds.")
    sys.exit(1 if wrong else 0)


@click.command("move")
@click.argument("to", metavar="DATABASE_URL")
@with_appcontext
def move(to: str) -> None:
    """Copy everything to an empty database at DATABASE_URL, and prove that the two are equal."""
    try:
        held = move_to(to)
    except NotPossible as refusal:
        raise click.ClickException(refusal.words) from None
    rows = sum(one.rows for one in held.values())
    click.echo(f"{rows:,} rows of {len(held)} tables are there, table by table equal.")
    click.echo("Set DATABASE_URL to the new address and start the exchange again.")
