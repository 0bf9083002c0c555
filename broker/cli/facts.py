"""Commands about published facts: loading those of the project, importing newer ones."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from broker import clock
from broker.db import begin_writing, db, transaction
from broker.errors import NotRight, Refused
from broker.facts import actions
from broker.facts.following import authority_coded, code_is_taken
from broker.facts.plan import Plan, plan
from broker.facts.succeeding import WHOLE, Following, recode
from broker.facts.succeeding import succeed as succeed_now
from broker.models.authority import Authority
from broker.models.fact_import import Kind
from broker.setup import load_facts_if_changed
from broker.system import the_system

facts_group = AppGroup("facts", help="Published facts about authorities.")
BAD_FILE = 2


@facts_group.command("load")
def load_facts() -> None:
    """Load the facts in seed/facts; loading again changes nothing."""
    for line in load_facts_if_changed(always=True):
        click.echo(line)


@facts_group.command("import")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--apply", "is_applied", is_flag=True, help="Change the facts; else only show how.")
def import_facts(kind: str, file: Path, is_applied: bool) -> None:
    """Show what a publisher's FILE would change; with --apply, change it (exit 2: a bad file)."""
    try:
        content = file.read_bytes()
        begin_writing()
        planned = plan(Kind(kind), content, source=file.name)
        db.session.rollback()
        _say(planned)
        if not planned.changes_something and planned.counts["refused"]:
            raise Refused("Every row that says something new was refused.")
        if is_applied:
            _apply(Kind(kind), file.name, content, planned)
    except (Refused, OSError) as problem:
        click.echo(getattr(problem, "words", str(problem)), err=True)
        sys.exit(BAD_FILE)


@facts_group.command("succeed")
@click.argument("old")
@click.argument("new", nargs=-1, required=True)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it took effect.")
@click.option("--reason", required=True, help="The order or act that did it.")
@click.option("--goes", multiple=True, help="need-12=E06000001: which successor a record goes to.")
@click.option("--apply", "is_applied", is_flag=True, help="Do it; else only show what goes over.")
def succeed(
    old: str, new: tuple[str, ...], day: datetime | None, reason: str, goes: tuple[str, ...],
    is_applied: bool,
) -> None:  # fmt: skip
    """Let NEW follow the authority OLD: one (merged), several as CODE=PERCENT (split), or a code
    that nobody has yet (the same body under another code)."""
    try:
        with transaction():
            said = _succeed(old, new, day.date() if day else clock.today(), reason, goes)
            if not is_applied:
                db.session.rollback()
    except Refused as problem:
        click.echo(problem.words, err=True)
        sys.exit(BAD_FILE)
    click.echo(said + ("" if is_applied else " Nothing is changed: add --apply to do it."))


def _succeed(
    old_code: str, new: tuple[str, ...], on: date, reason: str, goes: tuple[str, ...]
) -> str:
    old = authority_coded(old_code)
    if len(new) == 1 and not code_is_taken(new[0]):
        recode(old, new[0], reason=reason, by=the_system())
        return f"{old.name} now has the code {new[0]}."
    shares = dict(_share(one) for one in new)
    chosen = {key: authority_coded(code) for key, _, code in (one.partition("=") for one in goes)}
    records = succeed_now(Following(old, shares, on, reason, chosen), by=the_system())
    moved = ", ".join(f"{count} {words}" for words, count in records.counts().items())
    return f"{old.name} is followed by {', '.join(one.name for one in shares)}: {moved}."


def _share(text: str) -> tuple[Authority, int]:
    code, _, percent = text.partition("=")
    if percent and not percent.isdecimal():
        raise NotRight(f"{text}: write the share as whole percent, like E06000001=60.")
    return authority_coded(code), int(percent or WHOLE)


def _say(planned: Plan) -> None:
    counts = planned.counts
    click.echo(f"Layout: {planned.layout}")
    for step in planned.steps:
        says = f" ({step.says})" if step.says else ""
        click.echo(f"row {step.row}: {step.does}: {step.what}{says}")
    for one in planned.consequences:
        click.echo(f"would {one.verb.replace('_', ' ')}: {one.what}")
    click.echo(
        f"{counts['added']} added, {counts['changed']} changed, {counts['refused']} refused, "
        f"{planned.unchanged} known already."
    )


def _apply(kind: Kind, name: str, content: bytes, planned: Plan) -> None:
    if not planned.changes_something:
        click.echo("There is nothing to apply.")
        return
    with transaction():
        made = actions.show(kind=kind, file_name=name, content=content, by=the_system())
        actions.apply(made, by=the_system())
    click.echo("Applied.")
