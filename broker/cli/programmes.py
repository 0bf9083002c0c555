"""`flask admin programmes`: which there are, adding one and changing one."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from broker.db import db, transaction
from broker.errors import NotRight, Refused
from broker.models.programme import Programme
from broker.programmes import actions, queries
from broker.programmes.actions import Terms
from broker.system import the_system

DAY = click.DateTime(["%Y-%m-%d"])
programmes_group = AppGroup("programmes", help="The programmes under which help is given.")


@programmes_group.command("list")
def listed() -> None:
    """Print each, tab-separated: code, name, funder, first and last day, managers, under way."""
    every = list(db.session.scalars(select(Programme).order_by(Programme.code)))
    managers = queries.managers_of(every)
    under_way = queries.under_way([one.id for one in every])
    for one in every:
        last = one.closes_on.isoformat() if one.closes_on else "no last day"
        who = "; ".join(person.name for person in managers[one.id]) or "no manager"
        now = "; ".join(it.words for it in under_way[one.id]) or "nothing"
        click.echo("\t".join((one.code, one.name, one.funder, str(one.opens_on), last, who, now)))


@programmes_group.command("add")
@click.argument("name")
@click.argument("funder")
@click.argument("opens", type=DAY)
@click.option("--until", type=DAY, help="Last day; without it, none is known.")
@click.option("--code", default="", help="Short code; without it, one is made from the name.")
@click.option("--like", help="Code of the programme whose rules it begins with.")
def add(
    name: str, funder: str, opens: datetime, until: datetime | None, code: str, like: str | None
) -> None:
    """Add the programme NAME, paid for by FUNDER, from the day OPENS (2027-04-01) on."""
    try:
        with transaction():
            terms = Terms(name, funder, opens.date(), _day(until))
            pattern = _known(like) if like else None
            added = actions.add(terms, code=code, like=pattern, by=the_system())
            said = f"Added: {added.code}. Now: admin people invite … programme_manager"
            click.echo(f"{said} --programme {added.code}")
    except Refused as refusal:
        raise click.ClickException(refusal.words) from None


@programmes_group.command("change")
@click.argument("code")
@click.option("--name")
@click.option("--funder")
@click.option("--from", "opens", type=DAY, help="First day.")
@click.option("--until", type=DAY, help="Last day.")
@click.option("--no-last-day", is_flag=True, help="No last day is known.")
@click.option("--sure", is_flag=True, help="Though it closes sooner with things under way.")
def change(
    code: str,
    name: str | None,
    funder: str | None,
    opens: datetime | None,
    until: datetime | None,
    no_last_day: bool,
    sure: bool,
) -> None:
    """Change the programme CODE: only what is named changes."""
    if until and no_last_day:
        raise click.UsageError("Give --until or --no-last-day, not both.")
    try:
        with transaction():
            programme = _known(code)
            stands = Terms.of(programme)
            terms = Terms(
                name=name or stands.name,
                funder=funder or stands.funder,
                opens_on=_day(opens) or stands.opens_on,
                closes_on=None if no_last_day else _day(until) or stands.closes_on,
            )
            event = actions.change(programme, terms, is_sure=sure, by=the_system())
            click.echo(event.detail)
    except Refused as refusal:
        _show_what_is_under_way(code, refusal)
        raise click.ClickException(refusal.words) from None


def _show_what_is_under_way(code: str, refusal: Refused) -> None:
    if not isinstance(refusal, NotRight) or refusal.field != "is_sure":
        return
    programme = _known(code)
    for one in queries.under_way([programme.id])[programme.id]:
        click.echo(f"{one.words}. {one.then}")
    click.echo("Do it all the same with --sure.")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _known(code: str) -> Programme:
    found = db.session.scalars(select(Programme).filter_by(code=code)).one_or_none()
    if found is None:
        raise click.ClickException(f"There is no programme '{code}'.")
    return found
