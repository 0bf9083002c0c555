"""`flask offers`: the prospectus's search index."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from broker.db import transaction
from broker.prospectus import faces

offers_group = AppGroup("offers", help="The search index of the prospectus.")


@offers_group.command("reindex")
def reindex() -> None:
    """Write the index anew from the offers, where it differs from them."""
    with transaction():
        changed = faces.rewrite()
    click.echo(f"{changed} written." if changed else "The index was what the offers say.")


@offers_group.command("check")
def check() -> None:
    """Prove that the index is what the offers say (exit 1 with what is wrong)."""
    broken = faces.problems()
    for line in broken:
        click.echo(line)
    if broken:
        sys.exit(1)
    click.echo("The index is what the offers say.")
