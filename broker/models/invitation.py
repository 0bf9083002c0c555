"""Invitations to a role, and links that work once: to join, or to choose a new password."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority, Region
from broker.models.person import Person, Role, place_of
from broker.models.programme import Programme
from broker.models.work import Message


class InvitationState(Enum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class Invitation(Stateful, Base):
    """A role offered to somebody: it becomes theirs when they accept by the link they were sent.

    The person stands in the table from the start, without a role or a way in.
    """

    __tablename__ = "invitation"
    noun = "invitation"
    __table_args__ = (
        CheckConstraint("starts_on <= coalesce(ends_on, starts_on)", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[InvitationState] = mapped_column(Word(InvitationState), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    authority_id: Mapped[int | None] = mapped_column(ForeignKey(Authority.id), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey(Region.id))
    programme_id: Mapped[int | None] = mapped_column(ForeignKey(Programme.id))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    invited_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined", foreign_keys=person_id)
    invited_by: Mapped[Person] = relationship(lazy="joined", foreign_keys=invited_by_id)
    authority: Mapped[Authority | None] = relationship(lazy="joined")
    region: Mapped[Region | None] = relationship(lazy="joined")
    programme: Mapped[Programme | None] = relationship(lazy="joined")

    @property
    def place(self) -> str:
        return place_of(self)

    @property
    def title(self) -> str:
        return f"{self.role.words}, {self.place}"

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted now."""
        return self.state is InvitationState.INVITED and clock.now() < self.expires_at


class LinkKind(Enum):
    JOIN = "join"
    RESET = "reset"


class OneTimeLink(Base):
    """A link to one person, good once. The link itself is worked out from the installation's
    secret key and `nonce` when its message leaves (broker/links.py): no table holds it."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(Word(LinkKind))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey(Invitation.id), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey(Message.id), unique=True)
    nonce: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")
    invitation: Mapped[Invitation | None] = relationship(lazy="joined")
