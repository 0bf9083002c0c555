"""A folder of backups: one a day, thinned out, looked at, and never a stranger's file removed."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, clockwork, jobs, worker
from broker.copies import backups, keeping, postgres
from broker.db import db, transaction
from broker.models.work import Job, JobState
from tests.client import PageClient


@pytest.fixture
def folder(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_tools: Path | None
) -> Path:
    settings = replace(app.config["SETTINGS"], backups=tmp_path, postgres_tools=own_tools)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return tmp_path


def test_the_newest_two_and_those_of_days_weeks_and_months_are_needed() -> None:
    wednesday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    daily = [wednesday - timedelta(days=ago) for ago in range(500)]
    hours = [wednesday - timedelta(hours=ago) for ago in (1, 2)]
    keep = keeping.needed([*daily, *hours])
    days = {wednesday - timedelta(days=ago) for ago in range(7)}
    weeks = {datetime(2026, 11, sunday, 12, tzinfo=UTC) for sunday in (22, 15, 8, 1)}
    firsts = [datetime(2026, month, 1, 12, tzinfo=UTC) for month in range(1, 12)]
    assert keep == {hours[0]} | days | weeks | {first - timedelta(days=1) for first in firsts}
    assert keeping.needed(keep) == keep
    assert keeping.needed([wednesday - timedelta(days=4000)]) == {wednesday - timedelta(days=4000)}


def test_only_its_own_files_are_thinned_out(app: Flask, folder: Path) -> None:
    file, _ = keeping.make_in(folder)
    later = []
    for hours in (1, 2):
        with clock.set_to(clock.now() + timedelta(hours=hours)):
            later.append(keeping.make_in(folder)[0])
    stranger = folder / "by-hand.zip"
    stranger.write_bytes(file.read_bytes())
    broken = [folder / f"exchange-2020010{day}-000000.zip" for day in (1, 2)]
    for one, hours in zip(broken, (-2, 2), strict=True):
        _damage(one, clock.now() + timedelta(hours=hours))
    kept = keeping.kept_in(folder)
    assert {one.file for one in kept if not one.backup} == set(broken)
    assert "damaged" in next(one.why_not for one in kept if not one.backup)
    assert keeping.thin_out(folder) == [file]
    assert set(folder.iterdir()) == {*later, stranger, *broken}


def test_what_cannot_be_read_counts_as_none(app: Flask, folder: Path) -> None:
    _damage(folder / "exchange-20261120-000000.zip", clock.now())
    assert keeping.standing().warning == "There is no backup yet."
    assert keeping.age_of_newest() is None


def _damage(file: Path, changed_at: datetime) -> None:
    """A file of no use, last changed on that day of the backups beside it."""
    file.write_bytes(b"no backup")
    os.utime(file, (changed_at.timestamp(), changed_at.timestamp()))


def test_the_commands_make_list_and_check(app: Flask, folder: Path) -> None:
    run = app.test_cli_runner().invoke
    assert "rows of" in run(args=["admin", "backups", "make"]).output
    [file] = folder.iterdir()
    assert file.name in run(args=["admin", "backups", "list"]).output
    assert run(args=["admin", "backups", "check", str(file)]).exit_code == 0
    file.write_bytes(file.read_bytes()[:-400])
    assert run(args=["admin", "backups", "check", str(file)]).exit_code == 1


def test_the_worker_makes_one_a_day_and_the_page_shows_it(
    app: Flask, client: PageClient, folder: Path
) -> None:
    administrator = client.sign_in("administrator")
    assert "There is no backup yet." in administrator.get("/running")
    clockwork.queue_today()
    clockwork.queue_today()
    key = f"backup-{clock.now().astimezone(UTC).date()}"
    worker.run(_job(key).id, "backup", {})
    assert len(list(folder.iterdir())) == 1 and _job(key).state is JobState.DONE
    db.session.rollback()
    shown = administrator.get("/running")
    assert " rows, " in shown and "There is no backup yet." not in shown
    assert "exchange_backup_age_seconds" in app.test_client().get("/metrics").text
    with clock.set_to(clock.now() + timedelta(hours=37)):
        assert "36 hours" in (keeping.standing().warning or "")


def test_without_the_folder_the_work_fails_in_words(app: Flask, folder: Path) -> None:
    clockwork.queue_today()
    folder.rmdir()
    key = f"backup-{clock.now().astimezone(UTC).date()}"
    worker.run(_job(key).id, "backup", {})
    standing = keeping.standing()
    assert standing.failed == f"There is no folder {folder}."
    assert "cannot be read" in (standing.warning or "")


def test_an_administrator_asks_for_one_now_and_only_one_at_once(
    client: PageClient, folder: Path
) -> None:
    client.sign_in("administrator").get("/running")
    client.press("Make a backup now")
    assert "A backup waits for the worker." in client.text
    client.post("/running/backups", expect=409)
    assert "being made already" in client.text
    assert worker.once("here", at_any_hour=True)
    while worker.once("here", at_any_hour=True):
        pass  # the day's own
    db.session.rollback()
    assert " rows, " in client.get("/running") and len(list(folder.glob("exchange-*.zip"))) >= 1
    client.press("Make a backup now")
    assert len(db.session.scalars(select(Job).filter_by(state=JobState.QUEUED)).all()) == 1


def test_where_no_folder_is_set_it_says_so(client: PageClient) -> None:
    client.sign_in("administrator")
    assert "Make a backup now" not in client.get("/running")
    client.post("/running/backups", expect=409)
    assert "Set BACKUPS to one" in client.text
    assert db.session.scalars(select(Job)).all() == []


@pytest.mark.postgres
def test_while_one_is_made_its_lease_is_kept_and_people_write(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    def report(job_id: int, percent: int) -> None:
        told.append(percent)
        reported(job_id, percent)  # which writes, between any two steps of the copy
        job = db.session.get_one(Job, job_id)
        assert (job.progress, job.state) == (percent, JobState.RUNNING)
        assert job.lease_until and job.lease_until > clock.now() + timedelta(minutes=2)
        db.session.rollback()

    reported = jobs.report
    monkeypatch.setattr(jobs, "report", report)
    monkeypatch.setattr(keeping, "EVERY", 0.0)
    monkeypatch.setattr(backups, "PAGES", 200)
    monkeypatch.setattr(postgres, "STILL", 0.05)
    worker.run(claimed(), "backup", {})
    [kept] = keeping.kept_in(folder)
    assert told == sorted(told) and told[-1] == 100 and len(set(told)) > 10
    assert keeping.check(kept.file).rows == kept.backup.rows if kept.backup else False


def test_one_that_is_stopped_leaves_nothing(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "EVERY", 0.0)
    job_id = claimed()
    with transaction():
        jobs.stop(db.session.get_one(Job, job_id))
    worker.run(job_id, "backup", {})
    assert db.session.get_one(Job, job_id).state is JobState.CANCELLED
    assert list(folder.iterdir()) == []


def test_one_that_broke_off_is_said(app: Flask, folder: Path) -> None:
    claimed()
    with clock.set_to(clock.now() + timedelta(minutes=4)):
        jobs.interrupt_abandoned()
    assert "stopped while it was being made" in (keeping.standing().failed or "")


def claimed() -> int:
    """A backup that this worker has taken in hand."""
    with transaction():
        keeping.ask_for_one()
    taken = jobs.claim("here")
    assert taken is not None
    return taken[0]


def _job(key: str) -> Job:
    found = jobs.job_for(key)
    assert found
    return found
