"""Commands that set up and run the exchange."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from broker import clock, clockwork
from broker import worker as worker_loop
from broker.config import ROOT
from broker.db import db, transaction
from broker.prospectus.faces import rewrite
from broker.setup import load_facts_if_changed, make_demonstration_if_absent

demonstration_group = AppGroup("demonstration", help="The demonstration's data.")
clock_group = AppGroup("clock", help="What is due by working days.")


@demonstration_group.command("make")
def make_demonstration() -> None:
    """Make the demonstration, once, by using the product's own verbs."""
    click.echo(make_demonstration_if_absent())


@click.command("worker")
@click.option("--once", is_flag=True, help="One pass over what is due now, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Run jobs, send messages and keep the clock, until stopped."""
    if once:
        worker_loop.run_once()
    else:
        worker_loop.run_until_stopped()


@clock_group.command("tick")
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="London time; now if left out.")
def tick(at: datetime | None) -> None:
    """Do what is due by a moment and was not done yet, day after day."""
    until = at.replace(tzinfo=clock.LONDON) if at else clock.now()
    if current_app.config["SETTINGS"].is_live and until > clock.now():
        raise click.ClickException("That moment is still ahead. Live use does not run before it.")
    done = clockwork.tick(until)
    days = f"{done[0]} to {done[-1]}" if len(done) > 1 else "".join(map(str, done))
    click.echo(f"Done: the work of {days}." if done else "Nothing was due that is not done.")


@click.command("up")
@with_appcontext
def up() -> None:
    """Set up the database, its facts and the demonstration; run the worker and the server."""
    started = time.monotonic()
    upgrade()
    for line in load_facts_if_changed():
        click.echo(line)
    if current_app.config["DEMONSTRATION"]:
        click.echo(make_demonstration_if_absent())
    with transaction():
        rewrite()
    db.session.remove()
    db.engine.dispose()
    _serve(started)


def _serve(started: float) -> None:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "5000")
    bin_ = Path(sys.executable).parent
    server = [str(bin_ / "gunicorn"), "wsgi:app", "--bind", f"{host}:{port}"]
    few = {"WEB_CONCURRENCY": os.environ.get("WEB_CONCURRENCY", "2")}
    children = [
        subprocess.Popen(server, cwd=ROOT, env=os.environ | few | _measured_together()),
        subprocess.Popen([str(bin_ / "flask"), "--app", "wsgi", "worker"], cwd=ROOT),
    ]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        _wait_until_it_answers(f"http://{host}:{port}", children[0])
        click.echo(f"Ready in {time.monotonic() - started:.1f} s: http://{host}:{port}")
        sys.stdout.flush()
        sys.exit(children[0].wait())
    except KeyboardInterrupt:
        click.echo("Stopping.")
    finally:
        for child in children:
            child.terminate()
        for child in children:
            let_end(child)


def let_end(child: subprocess.Popen[bytes], *, within: float = 20) -> None:
    """Who is in the middle of something has some seconds; what it had not kept it does anew."""
    try:
        child.wait(timeout=within)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _measured_together() -> dict[str, str]:
    """Where the server's processes keep the figures that /metrics adds up, empty at the start."""
    folder: Path = current_app.config["SETTINGS"].var / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def _wait_until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    while server.poll() is None:
        try:
            urlopen(f"{address}/health", timeout=5).close()
        except OSError:  # not there yet, or too busy to answer
            time.sleep(0.1)
        else:
            return
    raise click.ClickException("The server did not start. Is the port in use?")
