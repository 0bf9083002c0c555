"""Work outside the request: messages waiting to go, jobs, and keys that make a press count once."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.person import Person


class Message(Base):
    """A message written with the change it tells of. `key` becomes its Message-ID, kept stable.

    `kind` is the noun and verb it tells of, or 'digest'. What is not urgent leaves in a digest:
    `digest_id` says in which. `last_error` is short and names nobody.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    to_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    kind: Mapped[str] = mapped_column(String(60), default="note")
    is_urgent: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(80))

    to: Mapped[Person] = relationship(lazy="joined")


class JobState(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Job(Base):
    """Work for the worker. It holds a lease while it runs; a lease that expires is 'interrupted'.

    `key` is unique, so that the same work is not queued twice. `progress` is 0 to 100.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(Word(JobState), default=JobState.QUEUED)
    due_at: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(80))
    progress: Mapped[int] = mapped_column(default=0)
    wants_cancel: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]


class OneTimeKey(Base):
    """A form's key, once pressed, and where that press led."""

    __tablename__ = "one_time_key"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(400), default="")
    pressed_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class Setting(Base):
    """A fact about this installation, such as which demonstration it holds."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
