"""People, the roles they hold and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

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

    @property
    def is_privileged(self) -> bool:
        """Reaches beyond one authority: a second step, and shorter sessions."""
        return self in PRIVILEGED


PRIVILEGED = (Role.COORDINATOR, Role.PANEL, Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR)
_duty: ContextVar[str | None] = ContextVar("duty", default=None)


@contextmanager
def for_duty(duty: str | None) -> Iterator[None]:
    """Within the block a named deputy holds a role only if it was lent for this duty; None: any."""
    token = _duty.set(duty)
    try:
        yield
    finally:
        _duty.reset(token)


class DigestWish(Enum):
    """How often somebody wants the digest of what is not urgent."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Person(Base):
    """Somebody who signs in, or is invited to."""

    __tablename__ = "person"
    noun = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey(Authority.id))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime | None]
    digest: Mapped[DigestWish] = mapped_column(Word(DigestWish), default=DigestWish.DAILY)

    employer: Mapped[Authority | None] = relationship()
    memberships: Mapped[list[Membership]] = relationship(
        back_populates="person", foreign_keys="Membership.person_id"
    )
    deputies_named: Mapped[list[Membership]] = relationship(
        primaryjoin="and_(Person.id == foreign(Membership.deputy_for_id), "
        "Membership.duties.is_not(None))",
        viewonly=True,
    )

    @property
    def title(self) -> str:
        return self.name

    @property
    def roles_now(self) -> list[Membership]:
        """Roles held today, own ones before those of a named deputy (see `for_duty`)."""
        held = [held for held in self.held_today if held.is_for(_duty.get())]
        return sorted(held, key=lambda held: held.is_named)

    @property
    def held_today(self) -> list[Membership]:
        today = clock.today()
        return [held for held in self.memberships if held.is_on(today)]

    @property
    def stands_in_for(self) -> list[Person]:
        """Whom they act for today as a named deputy."""
        return [held.deputy_for for held in self.held_today if held.is_named and held.deputy_for]

    def holding(self, *roles: Role) -> list[Membership]:
        """This person's memberships today in any of the roles."""
        return [held for held in self.roles_now if held.role in roles]

    def at(self, authority_id: int | None, *roles: Role) -> Membership | None:
        """The membership through which they act at an authority in one of the roles."""
        return self._first(
            [m for m in self.memberships if m.authority_id == authority_id and m.role in roles]
        )

    def in_region(self, region_id: int, *roles: Role) -> Membership | None:
        return self._first(
            [m for m in self.memberships if m.region_id == region_id and m.role in roles]
        )

    def _first(self, fit: list[Membership]) -> Membership | None:
        """As `holding` finds it, of a few: this is asked thousands of times for one page, and
        there are none as a rule."""
        if not fit:
            return None
        today, duty = clock.today(), _duty.get()
        able = [held for held in fit if held.is_on(today) and held.is_for(duty)]
        return min(able, key=lambda held: held.is_named, default=None)

    @property
    def authority_ids(self) -> set[int]:
        return {held.authority_id for held in self.held_today if held.authority_id is not None}

    def belongs_to(self, *authority_ids: int) -> bool:
        """Employed by, or holding a role at, one of the authorities."""
        return bool(({*self.authority_ids, self.employer_id}) & set(authority_ids))


class Membership(Base):
    """A role at one authority, in one region or for one programme, from a day, until a day.

    With `deputy_for`, what its holder does is recorded as done for that person. A named deputy
    borrows the role for some `duties` (words of broker/duties.py, apart by spaces); a standing
    deputy, without, holds a post of their own. `ended_at`: before its last day.
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
    deputy_for_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    duties: Mapped[str | None] = mapped_column(String(120))
    named_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="memberships", foreign_keys=person_id)
    deputy_for: Mapped[Person | None] = relationship(foreign_keys=deputy_for_id)
    authority: Mapped[Authority | None] = relationship(lazy="joined")
    region: Mapped[Region | None] = relationship(lazy="joined")
    programme: Mapped[Programme | None] = relationship(lazy="joined")

    @property
    def noun(self) -> str:
        """A role on loan, or one of one's own."""
        return "deputy" if self.is_named else "membership"

    def is_on(self, day: date) -> bool:
        is_over = self.ended_at is not None or (self.ends_on is not None and self.ends_on < day)
        return self.starts_on <= day and not is_over

    @property
    def is_named(self) -> bool:
        return self.duties is not None

    def is_same_post(self, other: Membership) -> bool:
        """A role of one's own at the place of another membership."""
        return not self.is_named and post_of(self) == post_of(other)

    def is_for(self, duty: str | None) -> bool:
        return duty is None or self.duties is None or duty in self.duties.split()

    @property
    def title(self) -> str:
        return f"{self.role.words}, {self.place}"

    @classmethod
    def held_on(cls, day: date) -> ColumnElement[bool]:
        """`is_on` as a condition on rows."""
        is_not_over = or_(cls.ends_on.is_(None), cls.ends_on >= day)
        return and_(cls.starts_on <= day, is_not_over, cls.ended_at.is_(None))

    @property
    def place(self) -> str:
        return place_of(self)


POST = ("role", "authority_id", "region_id", "programme_id")


def post_of(held: Placed) -> dict[str, Any]:
    """A role and its place, as the columns that memberships and invitations have alike."""
    return {column: getattr(held, column) for column in POST}


class Placed(Protocol):
    """A role somewhere: a membership, or an invitation to one."""

    @property
    def role(self) -> Role: ...
    @property
    def authority(self) -> Authority | None: ...
    @property
    def region(self) -> Region | None: ...
    @property
    def programme(self) -> Programme | None: ...


def place_of(held: Placed) -> str:
    """Where a role is held, in words."""
    for where in (held.authority, held.region, held.programme):
        if where is not None:
            return str(where.name)
    return "The exchange" if held.role is Role.SYSTEM else "England"
