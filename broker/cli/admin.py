"""`flask admin`: what administrators also find on their page, for those at the machine."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from broker.db import transaction
from broker.errors import Refused
from broker.operations import notices, state
from broker.system import the_system
from broker.taking import take

admin_group = AppGroup("admin", help="How the exchange runs, and what to do about it.")


@admin_group.command("status")
def status() -> None:
    """Print how it stands: one figure a line, tab-separated (exit 1 when it is not ready)."""
    if why := state.why_not_ready():
        click.echo(why)
        sys.exit(1)
    stands = state.stands(posts=current_app.config["SETTINGS"].mail is not None)
    click.echo(f"schema\t{stands.schema}\ndatabase\t{stands.kind}")
    for name, count in stands.jobs.items():
        click.echo(f"jobs {name}\t{count}")
    for name, count in stands.messages.items():
        click.echo(f"messages {name}\t{count}")
    notice = notices.notice_now()
    click.echo(f"notice\t{notice.words if notice else 'none'}")
    click.echo(f"writing\t{'closed' if notice and notice.closes_writing else 'open'}")


@admin_group.command("notice")
@click.argument("words", required=False)
@click.option("--close-writing", is_flag=True, help="Nothing can be changed while it is up.")
@click.option("--take-down", is_flag=True, help="Take down the one that is up.")
def notice(words: str | None, close_writing: bool, take_down: bool) -> None:
    """Put WORDS at the top of every page, or take them down."""
    if bool(words) == take_down:
        raise click.UsageError("Give the words of a notice, or --take-down.")
    try:
        with transaction():
            click.echo(_take_down() if words is None else _put_up(words, close_writing))
    except Refused as refusal:
        raise click.ClickException(refusal.words) from None


def _put_up(words: str, close_writing: bool) -> str:
    notices.put_up(words, closes_writing=close_writing, by=the_system())
    return "It is up, and writing is closed." if close_writing else "It is up."


def _take_down() -> str:
    up = notices.notice_now()
    if up is None:
        return "None was up."
    take(up, "take_down", by=the_system())
    return "It is taken down."
