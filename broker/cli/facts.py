"""Commands about published facts: loading those of the project, importing newer ones."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from broker.db import begin_writing, db, transaction
from broker.errors import Refused
from broker.facts import actions
from broker.facts.plan import Plan, plan
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
