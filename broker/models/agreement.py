"""What two sides agree to before they begin, and who leads on each side."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.match import Side
from broker.models.of_partnership import OfPartnership
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.programme import Theme


class WorkingState(Enum):
    BEING_WRITTEN = "being_written"
    AGREED = "agreed"


class WorkingAgreement(OfPartnership, Stateful, Base):
    """How a partnership works: aims by both, scope, who decides, boundaries, no surprises.

    It begins with the words of the terms. Both directors agree to it; each change needs them again.
    """

    __tablename__ = "working_agreement"
    noun = "working_agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), unique=True)
    state: Mapped[WorkingState] = mapped_column(Word(WorkingState))
    number: Mapped[int] = mapped_column(default=1)
    aims_receiver: Mapped[str] = mapped_column(Text, default="")
    aims_provider: Mapped[str] = mapped_column(Text, default="")
    scope_in: Mapped[str] = mapped_column(Text, default="")
    scope_out: Mapped[str] = mapped_column(Text, default="")
    decides: Mapped[str] = mapped_column(Text, default="")
    boundaries: Mapped[str] = mapped_column(Text, default="")
    no_surprises: Mapped[str] = mapped_column(Text, default="")
    agreed_at: Mapped[datetime | None]

    partnership: Mapped[Partnership] = relationship(lazy="joined")
    kpis: Mapped[list[Kpi]] = relationship(
        lazy="selectin", order_by="Kpi.id", cascade="all, delete-orphan"
    )
    consents: Mapped[list[WorkingConsent]] = relationship(lazy="selectin")

    @property
    def title(self) -> str:
        return f"Agreement: {self.partnership.title}"

    @property
    def sides_agreed(self) -> set[Side]:
        """The sides that have agreed to the words as they stand."""
        return {one.side for one in self.consents if one.number == self.number}


class Kpi(Base):
    """A measure of the work that both watch. `relevant_on`: from when it can say anything."""

    __tablename__ = "kpi"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey(WorkingAgreement.id), index=True)
    name: Mapped[str] = mapped_column(String(200))
    relevant_on: Mapped[date]


class WorkingConsent(Base):
    """One side's director agreeing to one state of the words."""

    __tablename__ = "working_consent"
    __table_args__ = (UniqueConstraint("agreement_id", "side", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey(WorkingAgreement.id))
    side: Mapped[Side] = mapped_column(Word(Side))
    number: Mapped[int]
    agreed_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    agreed_by: Mapped[Person] = relationship()


class Post(Enum):
    """What somebody is to a partnership."""

    DIRECTOR = "director"
    LEAD = "lead"
    DEPUTY = "deputy"

    @property
    def words(self) -> str:
        return {"director": "Director", "lead": "Lead", "deputy": "Deputy lead"}[self.value]


class Lead(Base):
    """Who holds a post on one side, from a day, until a day. A lead or deputy holds it for a theme,
    opposite whoever holds it for that theme on the other side; `theme` None: for all of them.

    `who` is a role ('Head of the front door'), never a private matter. `note` hands over.
    """

    __tablename__ = "partnership_lead"
    __table_args__ = (CheckConstraint("from_on <= coalesce(until_on, from_on)", name="in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey(Partnership.id), index=True)
    side: Mapped[Side] = mapped_column(Word(Side))
    post: Mapped[Post] = mapped_column(Word(Post))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey(Theme.id))
    who: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")

    partnership: Mapped[Partnership] = relationship()
    theme: Mapped[Theme | None] = relationship(lazy="joined")

    @property
    def place(self) -> tuple[Side, Post, int | None]:
        return self.side, self.post, self.theme_id
