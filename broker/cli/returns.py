"""`flask returns`: the quarters there are, and the pack of one."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.models.programme import Programme
from broker.models.return_ import Freeze, Return, ReturnState
from broker.packs.content import Pack, pack_now, pack_of
from broker.packs.writing import FORMATS, write_pack

returns_group = AppGroup("returns", help="Quarterly returns and their pack.")


@returns_group.command("list")
def list_() -> None:
    """Print programme, quarter and the numbers of its freezes, one quarter a line, newest first."""
    known = select(Return.programme_id, Return.quarter).where(Return.state != ReturnState.JOINED)
    keys = {(programme_id, quarter) for programme_id, quarter in db.session.execute(known)}
    freezes = {(f.programme_id, f.quarter): f.id for f in db.session.scalars(select(Freeze))}
    names = {one.id: one.name for one in db.session.scalars(select(Programme))}
    order = sorted(keys | freezes.keys(), key=lambda key: (names[key[0]], -key[1].ordinal))
    for key in order:
        click.echo(f"{names[key[0]]}\t{key[1]}\t{freezes.get(key, '')}")


@returns_group.command("pack")
@click.option("--programme", required=True, help="Its name or its short code.")
@click.option("--quarter", required=True, help='Such as "2026-27 Q1".')
@click.option("--freeze", "number", type=int, help="As frozen, by the number that `list` prints.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def pack(programme: str, quarter: str, number: int | None, out: Path) -> None:
    """Write the return pack of a quarter to a file: .xlsx, .zip (of CSV files) or .json."""
    ending = out.suffix.lower().lstrip(".")
    if ending not in FORMATS:
        raise click.BadParameter(f"end it with .{', .'.join(FORMATS)}.", param_hint="--out")
    made = _pack(_programme(programme), _quarter(quarter), number)
    part = out.with_name(f"{out.name}.part")  # whoever looks meanwhile sees no half a file
    try:
        with part.open("wb") as into:
            write_pack(made, ending, into)
        part.replace(out)
    except OSError as mistake:
        raise click.ClickException(f"{out} cannot be written: {mistake.strerror}.") from None
    click.echo(f"{made.programme.name}, {made.quarter}, {made.basis}: {out}")


def _programme(name: str) -> Programme:
    every = list(db.session.scalars(select(Programme).order_by(Programme.name)))
    for one in every:
        if name.casefold() in (one.name.casefold(), one.code.casefold()):
            return one
    known = ", ".join(one.name for one in every)
    raise click.BadParameter(f"there is none called '{name}': {known}.", param_hint="--programme")


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.named(text)
    except ValueError as mistake:
        raise click.BadParameter(str(mistake), param_hint="--quarter") from None


def _pack(programme: Programme, quarter: Quarter, number: int | None) -> Pack:
    if number is None:
        if quarter > clock.this_quarter():
            raise click.BadParameter(f"{quarter} has not begun.", param_hint="--quarter")
        return pack_now(programme, quarter)
    frozen = db.session.get(Freeze, number)
    if frozen is None or (frozen.programme_id, frozen.quarter) != (programme.id, quarter):
        words = f"{programme.name}, {quarter} has no freeze {number}: see 'returns list'."
        raise click.BadParameter(words, param_hint="--freeze")
    return pack_of(frozen)
