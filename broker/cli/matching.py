"""`flask matching`: solve an instance from a file, check a plan against one."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import NoReturn

import click
from flask.cli import AppGroup

from broker.matching.aims import other_aims as priced_aims
from broker.matching.aims import prices_json
from broker.matching.check import problems
from broker.matching.commit import GAP, SECONDS, Settings, commit
from broker.matching.instance import Aim
from broker.matching.reading import read_instance, read_plan
from broker.matching.rows import BadInput
from broker.matching.writing import plan_json

BAD_INPUT = 2
ENDINGS = (signal.SIGINT, signal.SIGTERM)
matching = AppGroup("matching", help="Solve commitment rounds and check plans, from files.")


@matching.command(with_appcontext=False)
@click.argument("instance")
@click.option("--aim", type=click.Choice([aim.value for aim in Aim]), default=Aim.FIT.value)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True, max=86_400),
    default=SECONDS,
    help="Stop after this long with the best plan so far.",
)
@click.option("--seed", type=int, default=0, help="Breaks ties another way.")
@click.option(
    "--gap",
    type=click.FloatRange(min=0, max=1),
    default=GAP,
    help="How close to the bound is close enough, as a share.",
)
@click.option("--other-aims", is_flag=True, help="Say what every other aim would give and cost.")
def solve(instance: str, aim: str, seconds: float, seed: int, gap: float, other_aims: bool) -> None:
    """Print the best plan for INSTANCE (a JSON file, or - for standard input) as JSON.

    Interrupted once, it prints the best plan so far.
    """
    settings = Settings(aim=Aim(aim), seed=seed, seconds=seconds, gap=gap)
    try:
        read = read_instance(_json(instance))
    except BadInput as mistake:
        _refuse(instance, str(mistake))
    with _interrupted() as should_stop:
        plan = commit(read, settings, should_stop=should_stop)
        written = plan_json(plan, read.quarters)
        if other_aims:
            prices = priced_aims(read, plan, settings, commit, should_stop=should_stop)
            written["other_aims"] = prices_json(prices)
    click.echo(json.dumps(written, ensure_ascii=False))


@contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """Whether the run was asked to end, by the keyboard or by a polite kill."""
    asked = Event()
    before = {one: signal.signal(one, lambda *_: asked.set()) for one in ENDINGS}
    try:
        yield asked.is_set
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@matching.command(with_appcontext=False)
@click.argument("instance")
@click.argument("plan")
def check(instance: str, plan: str) -> None:
    """Print each rule that PLAN breaks in INSTANCE, one a line; exit 1 when there are any."""
    name = instance
    try:
        read = read_instance(_json(instance))
        name = plan
        judged = read_plan(_json(plan))
    except BadInput as mistake:
        _refuse(name, str(mistake))
    found = problems(read, judged)
    for problem in found:
        click.echo(f"{problem.code}: {problem.text}")
    if found:
        sys.exit(1)
    click.echo("The plan holds.", err=True)


def _refuse(name: str, words: str) -> NoReturn:
    click.echo(f"{name}: {words}", err=True)
    sys.exit(BAD_INPUT)


def _json(name: str) -> object:
    """Parsed JSON from a file or, for -, standard input. Raises BadInput, in words."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_not_a_number)
    except OSError as mistake:
        raise BadInput(f"cannot be read: {mistake.strerror}.") from None
    except RecursionError:
        raise BadInput("this is nested too deeply to be an instance or a plan.") from None
    except BadInput:
        raise
    except ValueError as mistake:
        raise BadInput(f"this is not JSON: {mistake}.") from None


def _not_a_number(word: str) -> NoReturn:
    raise BadInput(f"{word} is not a number that JSON knows.")
