"""The backups that a folder holds: listing them, making one, proving one, thinning them out."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from flask import current_app
from sqlalchemy import select

from broker import clock, jobs
from broker.copies.backups import back_up, prove
from broker.copies.files import Backup, read, unpack
from broker.copies.hearing import Hear, nobody
from broker.db import db
from broker.errors import NotPossible
from broker.models.work import Job, JobState

OWN = re.compile(r"exchange-\d{8}-\d{6}\.zip")
TOO_OLD = timedelta(hours=36)
KIND = "backup"  # the worker's job
UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
EVERY = 5.0  # seconds between two words on how far it is
# How many are kept: the newest, and the newest of each of so many days, weeks and months that have
# any. Two of a day may be made at once, by the worker and by hand: neither removes the other.
KEPT: tuple[tuple[Callable[[datetime], object], int], ...] = (
    (lambda moment: moment, 2),
    (lambda moment: moment.date(), 7),
    (lambda moment: moment.isocalendar()[:2], 5),
    (lambda moment: (moment.year, moment.month), 12),
)


@dataclass(frozen=True)
class Kept:
    """A file of the folder. `size` in bytes; without a `backup`, `why_not` says why, in words."""

    file: Path
    size: int
    made_at: datetime
    backup: Backup | None
    why_not: str = ""


@dataclass(frozen=True)
class Standing:
    """For the page. `folder` is None where none is set; `warning` and `failed` are in words;
    `job` is one that waits or runs."""

    folder: Path | None
    newest: list[Kept]
    warning: str | None
    failed: str | None
    job: Job | None = None


def folder_set() -> Path | None:
    found: Path | None = current_app.config["SETTINGS"].backups
    return found


def the_folder() -> Path:
    """NotPossible, in words, where none is set."""
    if (folder := folder_set()) is None:
        raise NotPossible("No folder for backups is set. Set BACKUPS to one, and start again.")
    return folder


def kept_in(folder: Path) -> list[Kept]:
    """Newest first, those that cannot be read among them."""
    try:
        files = [one for one in folder.iterdir() if one.suffix == ".zip" and one.is_file()]
        found = [_looked_at(one) for one in files]
    except OSError as mistake:
        raise NotPossible(f"The folder {folder} cannot be read: {mistake.strerror}.") from None
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def age_of_newest() -> float | None:
    """Seconds since the newest that can be read was made; None where there is none to be found."""
    try:
        made_at = _newest(kept_in(folder)) if (folder := folder_set()) else None
    except NotPossible:
        return None
    return None if made_at is None else (clock.now() - made_at).total_seconds()


def make_in(folder: Path, hear: Hear = nobody) -> tuple[Path, Backup]:
    """Make one with the moment in its name."""
    file = folder / f"exchange-{clock.now().astimezone(UTC):%Y%m%d-%H%M%S}.zip"
    return file, back_up(file, hear)


def check(file: Path) -> Backup:
    """Unpack it and look at everything in it; NotPossible, in words, when it would not do."""
    backup = read(file)
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".check-") as folder:
            prove(backup, unpack(backup, file, Path(folder)))
    except OSError as mistake:
        raise NotPossible(f"{file} cannot be unpacked: {mistake.strerror}.") from None
    return backup


def thin_out(folder: Path) -> list[Path]:
    """Remove what is no longer needed; never what has another name or cannot be read."""
    own = [one for one in kept_in(folder) if one.backup and OWN.fullmatch(one.file.name)]
    keep = needed(one.made_at for one in own)
    gone = [one.file for one in own if one.made_at not in keep]
    try:
        for file in gone:
            file.unlink(missing_ok=True)
    except OSError as mistake:
        raise NotPossible(f"{file} cannot be removed: {mistake.strerror}.") from None
    return gone


def needed(moments: Iterable[datetime]) -> set[datetime]:
    """Of the moments of backups, those to keep: the newest, and of each day, week and month."""
    newest_first = sorted(moments, reverse=True)
    keep: set[datetime] = set()
    for period, many in KEPT:
        newest: dict[object, datetime] = {}
        for moment in newest_first:
            newest.setdefault(period(moment.astimezone(UTC)), moment)
        keep.update(list(newest.values())[:many])
    return keep


def ask_for_one() -> None:
    """Queue one, beside that of the day; NotPossible where no folder is set, or where one waits or
    is being made. Of two who ask at once, one asks: the key is the same."""
    the_folder()
    if _last(*UNDER_WAY):
        raise NotPossible("A backup waits or is being made already. Look again in a minute.")
    before = _last()
    jobs.enqueue(KIND, f"{KIND}-after-{before.id if before else 0}")


def make_and_thin_out(job_id: int, arguments: dict[str, Any]) -> None:
    """The worker's job, once a day and when somebody asks."""
    folder = the_folder()
    make_in(folder, _Lease(job_id).hear)
    thin_out(folder)


class _Lease:
    """Keeps a job's lease and says how far it is, every few seconds."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.told_at: float | None = None

    def hear(self, percent: int) -> None:
        if self.told_at is None or monotonic() - self.told_at >= EVERY:
            jobs.report(self.job_id, percent)
            self.told_at = monotonic()


def _last(*states: JobState) -> Job | None:
    """The last that the clock or somebody asked the worker for, or of those that stand so."""
    asked = select(Job).filter_by(kind=KIND).order_by(Job.id.desc()).limit(1)
    if states:
        asked = asked.where(Job.state.in_(states))
    return db.session.scalars(asked).one_or_none()


def standing() -> Standing:
    folder = folder_set()
    if folder is None:
        return Standing(None, [], None, None)
    last, job = _last(), _last(*UNDER_WAY)
    try:
        kept = kept_in(folder)
    except NotPossible as refusal:
        return Standing(folder, [], refusal.words, _failed(last), job)
    return Standing(folder, kept[:5], _warning(kept), _failed(last), job)


def _warning(kept: list[Kept]) -> str | None:
    made_at = _newest(kept)
    if made_at is None:
        return "There is no backup yet."
    if clock.now() - made_at > TOO_OLD:
        return "The newest backup is more than 36 hours old."
    return None


def _newest(kept: list[Kept]) -> datetime | None:
    return next((one.made_at for one in kept if one.backup), None)


def _failed(last: Job | None) -> str | None:
    """Why the last one that the worker began was not made."""
    if last is None or last.state not in (JobState.FAILED, JobState.INTERRUPTED):
        return None
    return last.error or "The worker stopped while it was being made."


def _looked_at(file: Path) -> Kept:
    stat = file.stat()
    try:
        backup = read(file)
        return Kept(file, stat.st_size, datetime.fromisoformat(backup.made_at), backup)
    except NotPossible as refusal:
        why_not = refusal.words
    except ValueError:
        why_not = f"{file} does not say when it was made."
    return Kept(file, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC), None, why_not)
