"""Commands that prove things: the ledger, the history, the printed documents."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup, with_appcontext

from broker import clock, events, heads, ledger_check
from broker.config import ROOT
from broker.db import transaction
from broker.printed import printed_documents

ledger_group = AppGroup("ledger", help="The days ledger.")
event_group = AppGroup("events", help="The history of every record.")


def _say(broken: list[str], fine: str) -> None:
    for line in broken:
        click.echo(line)
    if broken:
        click.echo(f"{len(broken)} found.", err=True)
        sys.exit(1)
    click.echo(fine)


@ledger_group.command("check")
def check() -> None:
    """Prove that every figure equals its entries (exit 1 with what is wrong)."""
    _say(list(ledger_check.problems()), "The ledger holds.")


@event_group.command("verify")
@click.option(
    "--against", type=click.File(encoding="utf-8"), help="A file of heads kept elsewhere."
)
def verify(against: TextIO | None) -> None:
    """Prove that no event was changed, taken out or put in (exit 1 with what is wrong)."""
    kept = heads.differs(against) if against else ()
    _say([*events.verify(), *kept], "Every chain and anchor holds.")


@event_group.command("heads")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def print_heads(day: datetime) -> None:
    """Print the last event of every record by a day that is over, to keep elsewhere."""
    if events.end_of(day.date()) > clock.now():
        raise click.ClickException("That day is not over yet.")
    csv.writer(sys.stdout, lineterminator="\n").writerows(heads.written(day.date()))


@event_group.command("anchor")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
def anchor(day: datetime) -> None:
    """Print the anchor of a day that is over, making it if need be, to keep it elsewhere."""
    from_day = day.date()
    if events.end_of(from_day) > clock.now():
        raise click.ClickException("That day is not over yet.")
    with transaction():
        made = events.make_anchor(from_day)
    click.echo(f"{from_day} {made.hash}" if made else f"{from_day} is anchored already.")


@click.command("docs")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if any is old.")
@with_appcontext
def docs(only_check: bool) -> None:
    """Print the documents that come from the code's own tables."""
    old = []
    for name, text in printed_documents().items():
        file: Path = ROOT / "docs" / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            old.append(name)
            if not only_check:
                file.write_text(text, encoding="utf-8")
    if only_check and old:
        raise click.ClickException(f"Out of date: {', '.join(old)}. Run `make docs`.")
    click.echo(f"{len(old)} written." if old else "All documents are up to date.")
