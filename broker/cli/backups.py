"""`flask admin backups`: the folder of backups."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from broker.cli.copies import FILE
from broker.copies import keeping
from broker.copies.backups import KINDS
from broker.errors import NotPossible

backups_group = AppGroup("backups", help="The backups in the folder that BACKUPS names.")


@backups_group.command("list")
def list_() -> None:
    """Print each, the newest first, tab-separated: moment, bytes, rows, schema, file."""
    try:
        kept = keeping.kept_in(keeping.the_folder())
    except NotPossible as refusal:
        raise click.ClickException(refusal.words) from None
    for one in kept:
        said = f"{one.backup.rows}\t{one.backup.schema}" if one.backup else one.why_not
        click.echo(f"{one.made_at.isoformat()}\t{one.size}\t{said}\t{one.file.name}")


@backups_group.command("make")
def make() -> None:
    """Make one now, and remove those that are no longer needed."""
    try:
        folder = keeping.the_folder()
        file, made = keeping.make_in(folder)
        gone = keeping.thin_out(folder)
    except NotPossible as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(f"{made.rows:,} rows of {KINDS[made.kind]}, schema {made.schema}: {file}")
    for one in gone:
        click.echo(f"Removed: {one.name}")


@backups_group.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Unpack FILE and look at everything in it (exit 1 if it could not be restored)."""
    try:
        found = keeping.check(file)
    except NotPossible as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(f"It holds what it says: {found.rows:,} rows, as they stood {found.made_at}.")
