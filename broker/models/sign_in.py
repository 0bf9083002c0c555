"""Signing in: sessions, what happened at the door, tries that were made, and second steps."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.person import Person


class How(Enum):
    """How somebody came in. ROLE: one press, in the demonstration alone."""

    FIRST_STEP = "first_step"
    SECOND_STEP = "second_step"
    COUNCIL = "council"
    COUNCIL_AND_STEP = "council_and_step"
    ROLE = "role"

    @property
    def words(self) -> str:
        return {
            How.FIRST_STEP: "with the password",
            How.SECOND_STEP: "with the second step",
            How.COUNCIL: "with the council's account",
            How.COUNCIL_AND_STEP: "with the council's account and the second step",
            How.ROLE: "as a role of the demonstration",
        }[self]

    @property
    def with_second_step(self) -> How:
        return How.COUNCIL_AND_STEP if self is How.COUNCIL else How.SECOND_STEP


class SignInSession(Base):
    """Somebody signed in at one browser. The cookie carries the key; here is its hash.

    `proved_at`: when they last showed who they are; `ended_at`: signed out or ended elsewhere.
    What ends by time has no mark of its own: see broker/sessions.py.
    """

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    how: Mapped[How] = mapped_column(Word(How))
    browser: Mapped[str] = mapped_column(String(60), default="")
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    proved_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    is_authenticated = is_active = True  # what flask-login asks of its user
    is_anonymous = False
    key = ""  # known of a session that begins, and then to its browser alone

    def get_id(self) -> str:
        """What the signed cookie holds (flask-login)."""
        return self.key


class Happened(Enum):
    """What is kept of signing in."""

    SIGNED_IN = "signed_in"
    WRONG = "wrong"
    WRONG_CODE = "wrong_code"
    MADE_TO_WAIT = "made_to_wait"
    SIGNED_OUT = "signed_out"
    ENDED_ELSEWHERE = "ended_elsewhere"
    PROVED = "proved"
    RECOVERY_CODE_USED = "recovery_code_used"
    ASKED_FOR_LINK = "asked_for_link"
    REFUSED = "refused"
    COUNCIL_REFUSED = "council_refused"

    @property
    def words(self) -> str:
        return {
            Happened.SIGNED_IN: "Signed in",
            Happened.WRONG: "A wrong password",
            Happened.WRONG_CODE: "A wrong code",
            Happened.MADE_TO_WAIT: "Made to wait after wrong tries",
            Happened.SIGNED_OUT: "Signed out",
            Happened.ENDED_ELSEWHERE: "A session was ended from elsewhere",
            Happened.PROVED: "Showed again who they are",
            Happened.RECOVERY_CODE_USED: "A recovery code was used",
            Happened.ASKED_FOR_LINK: "A link for a new password was asked for",
            Happened.REFUSED: "Turned away: no role today",
            Happened.COUNCIL_REFUSED: "A council's account was turned away:",
        }[self]


class SignInEvent(Base):
    """Something that happened at the door, kept for 13 months. No network address is kept.

    Without a person nobody has the address that was typed; it is kept as a hash.
    """

    __tablename__ = "sign_in_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    email_hash: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[Happened] = mapped_column(Word(Happened))
    detail: Mapped[str] = mapped_column(String(80), default="")
    browser: Mapped[str] = mapped_column(String(60), default="")
    happened_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class TryBudget(Base):
    """Wrong tries of one kind, from one place, at one account. The key is a hash of all three."""

    __tablename__ = "try_budget"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


class SecondStep(Base):
    """The key of a person's authenticator app, encrypted; a code's time step is used up once."""

    __tablename__ = "second_step"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code for who has no authenticator at hand: kept as a hash, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class KeptForm(Base):
    """What somebody had typed when they had to show who they are: theirs alone."""

    __tablename__ = "kept_form"
    __table_args__ = (Index("ix_kept_form_person_id_kept_at", "person_id", "kept_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    path: Mapped[str] = mapped_column(String(400))
    fields: Mapped[list[Any]]
    kept_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What a person typed or chose, to look at."""
        names = ((name.replace("_", " ").capitalize(), value) for name, value in self.without_key)
        return [(name, value) for name, value in names if value]

    @property
    def without_key(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.fields if name != "once"]

    @property
    def key(self) -> str:
        """What makes its sending count once: its own key, where it had one."""
        own = [value for name, value in self.fields if name == "once"]
        return str(own[0]) if own else f"kept {self.id}"
