"""People, the roles they hold and for how long."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import Enum

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.authority import Authority, Region
from broker.models.programme import Programme


class Role(Enum):
    DIRECTOR = "director"
    IMPROVEMENT_LEAD = "improvement_lead"
    PARTNERSHIP_LEAD = "partnership_lead"
    PRACTITIONER = "practitioner"
    COORDINATOR = "coordinator"
    DFE_LEAD = "dfe_lead"
    PANEL = "panel"
    PROGRAMME_MANAGER = "programme_manager"
    ADVISER = "adviser"
    CHIEF_EXECUTIVE = "chief_executive"
    LEAD_MEMBER = "lead_member"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"

    @property
    def words(self) -> str:
        return {
            Role.DFE_LEAD: "DfE regional lead",
            Role.COORDINATOR: "Regional coordinator",
            Role.PANEL: "Approval panel member",
        }.get(self, self.value.replace("_", " ").capitalize())


class DigestWish(Enum):
    """How often somebody wants the digest of what is not urgent."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Person(UserMixin, Base):  # type: ignore[misc]  # flask-login has no types
    """Somebody who signs in. `session_key` changes to end every session of theirs."""

    __tablename__ = "person"
    noun = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(8))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey(Authority.id))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime | None]
    digest: Mapped[DigestWish] = mapped_column(Word(DigestWish), default=DigestWish.DAILY)

    employer: Mapped[Authority | None] = relationship()
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", foreign_keys="Membership.person_id", lazy="selectin"
    )

    def get_id(self) -> str:
        """What the signed cookie holds (flask-login)."""
        return f"{self.id}.{self.session_key}"

    @property
    def title(self) -> str:
        return self.name

    @property
    def roles_now(self) -> list[Membership]:
        today = clock.today()
        return [held for held in self.memberships if held.is_on(today)]

    def holding(self, *roles: Role) -> list[Membership]:
        """This person's memberships today in any of the roles."""
        return [held for held in self.roles_now if held.role in roles]

    def at(self, authority_id: int | None, *roles: Role) -> Membership | None:
        """The membership through which they act at an authority in one of the roles."""
        return next((m for m in self.holding(*roles) if m.authority_id == authority_id), None)

    def in_region(self, region_id: int, *roles: Role) -> Membership | None:
        return next((m for m in self.holding(*roles) if m.region_id == region_id), None)

    @property
    def authority_ids(self) -> set[int]:
        return {held.authority_id for held in self.roles_now if held.authority_id is not None}

    def belongs_to(self, *authority_ids: int) -> bool:
        """Employed by, or holding a role at, one of the authorities."""
        return bool(({*self.authority_ids, self.employer_id}) & set(authority_ids))


class Membership(Base):
    """A role at one authority, in one region or for one programme, from a day, until a day.

    With `deputy_for`, what its holder does is recorded as done for that person.
    """

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint("starts_on <= coalesce(ends_on, starts_on)", name="in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    role: Mapped[Role] = mapped_column(Word(Role), index=True)
    authority_id: Mapped[int | None] = mapped_column(ForeignKey(Authority.id), index=True)
    region_id: Mapped[int | None] = mapped_column(ForeignKey(Region.id), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey(Programme.id), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    deputy_for_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))

    person: Mapped[Person] = relationship(back_populates="memberships", foreign_keys=person_id)
    deputy_for: Mapped[Person | None] = relationship(foreign_keys=deputy_for_id)
    authority: Mapped[Authority | None] = relationship(lazy="joined")
    region: Mapped[Region | None] = relationship(lazy="joined")
    programme: Mapped[Programme | None] = relationship(lazy="joined")

    def is_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @classmethod
    def held_on(cls, day: date) -> ColumnElement[bool]:
        """`is_on` as a condition on rows."""
        return and_(cls.starts_on <= day, or_(cls.ends_on.is_(None), cls.ends_on >= day))

    @property
    def place(self) -> str:
        for where in (self.authority, self.region, self.programme):
            if where is not None:
                return where.name
        return "The exchange" if self.role is Role.SYSTEM else "England"
