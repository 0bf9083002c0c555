"""`flask admin jobs` and `admin outbox`: what runs and leaves by itself, and what broke off."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask.cli import AppGroup
from sqlalchemy import Select, select

from broker import jobs, outbox
from broker.db import db, transaction
from broker.errors import Refused
from broker.messages.actions import try_again
from broker.messages.queries import not_delivered
from broker.models.work import Job, JobState, Message
from broker.system import the_system

jobs_group = AppGroup("jobs", help="Work in the background.")
outbox_group = AppGroup("outbox", help="Messages that leave by post.")
LAST = click.option("--last", default=50, type=click.IntRange(1, 10_000), help="How many; 50.")


@jobs_group.command("list")
@click.option("--state", type=click.Choice([state.value for state in JobState]))
@LAST
def list_jobs(state: str | None, last: int) -> None:
    """Print the latest jobs: number, kind, state, due, ended; one a line, tab-separated."""
    wanted = jobs.listed(JobState(state) if state else None).limit(last)
    for job in db.session.scalars(wanted):
        ended = job.finished_at.isoformat(timespec="seconds") if job.finished_at else "-"
        due = job.due_at.isoformat(timespec="seconds")
        click.echo(f"{job.id}\t{job.kind}\t{job.state.value}\t{due}\t{ended}")


@jobs_group.command("again")
@click.argument("number", type=int)
def again(number: int) -> None:
    """Queue a job that failed, was interrupted or stopped once more."""
    _do(number, jobs.begin_again, "It waits for the worker.")


@jobs_group.command("stop")
@click.argument("number", type=int)
def stop(number: int) -> None:
    """Take a waiting job out of the queue, or ask a running one to stop."""
    _do(number, jobs.stop, "It is stopped, or stops at its next step.")


def _do(number: int, do: Callable[[Job], None], said: str) -> None:
    try:
        with transaction():
            do(_found(jobs.listed().filter_by(id=number), f"No job has the number {number}."))
    except Refused as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(said)


def _found(wanted: Select[Job], else_: str) -> Job:
    job = db.session.scalars(wanted).one_or_none()
    if job is None:
        raise click.ClickException(else_)
    return job


@outbox_group.command("list")
@click.option("--given-up", is_flag=True, help="Those that could not be delivered.")
@LAST
def list_messages(given_up: bool, last: int) -> None:
    """Print the latest messages that wait, or rest after a failed try, or were given up: number,
    kind, tries, last error; no names."""
    wanted = not_delivered() if given_up else select(Message).where(outbox.unsent())
    for message in db.session.scalars(wanted.order_by(Message.id.desc()).limit(last)):
        click.echo(f"{message.id}\t{message.kind}\t{message.attempts}\t{message.last_error or '-'}")


@outbox_group.command("again")
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every message that was given up.")
def send_again(numbers: tuple[int, ...], every: bool) -> None:
    """Let messages that were given up be tried again, from the first try."""
    if bool(numbers) == every:
        raise click.UsageError("Give the numbers of messages, or --all.")
    with transaction():
        lost = not_delivered() if every else not_delivered().where(Message.id.in_(numbers))
        found = db.session.scalars(lost).all()
        if missing := sorted({*numbers} - {message.id for message in found}):
            raise click.ClickException(f"Not given up: {', '.join(map(str, missing))}.")
        for message in found:
            try_again(message, by=the_system())
    click.echo(f"{len(found)} will be tried again.")
