"""Offers: what a provider publishes, kept version by version."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority
from broker.models.person import Person
from broker.models.programme import Choice, Programme, Theme


class OfferState(Enum):
    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


class Delivery(Enum):
    ON_SITE = "on_site"
    REMOTE = "remote"
    EITHER = "either"

    @property
    def words(self) -> str:
        return {"on_site": "On site", "remote": "Remote", "either": "On site or remote"}[self.value]


class Evidence(Enum):
    """How an offer's claim about a theme is backed, strongest first."""

    EVALUATED = "evaluated"
    OWN_IMPROVEMENT = "own_improvement"
    PUBLISHED = "published"
    STATED = "stated"

    @property
    def words(self) -> str:
        return {
            "evaluated": "Evaluated by others",
            "own_improvement": "Own improvement, seen in judgements",
            "published": "Described in a published source",
            "stated": "Stated by the authority",
        }[self.value]


class Offer(Stateful, Base):
    """The standing thing; what it says is in its versions. `number` names the current one."""

    __tablename__ = "offer"
    noun = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    state: Mapped[OfferState] = mapped_column(Word(OfferState), index=True)
    number: Mapped[int] = mapped_column(default=1)
    is_illustrative: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]

    provider: Mapped[Authority] = relationship(lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    versions: Mapped[list[OfferVersion]] = relationship(
        back_populates="offer", order_by="OfferVersion.number"
    )
    current: Mapped[OfferVersion] = relationship(
        primaryjoin="and_(Offer.id == foreign(OfferVersion.offer_id), "
        "Offer.number == foreign(OfferVersion.number))",
        viewonly=True,
        lazy="selectin",
    )

    @property
    def title(self) -> str:
        return self.current.title


offer_version_choice = Table(
    "offer_version_choice",
    Base.metadata,
    Column("version_id", ForeignKey("offer_version.id"), primary_key=True),
    Column("choice_id", ForeignKey(Choice.id), primary_key=True),
)


class OfferVersion(Base):
    """One wording of an offer. A match keeps the version that it was agreed on.

    `days_least` and `days_most` are quarter-days for one partnership.
    """

    __tablename__ = "offer_version"
    __table_args__ = (
        UniqueConstraint("offer_id", "number"),
        CheckConstraint("days_least > 0 AND days_least <= days_most", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey(Offer.id))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    what_we_do: Mapped[str] = mapped_column(Text)
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery))
    days_least: Mapped[int]
    days_most: Mapped[int]
    source: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    signed_off_at: Mapped[datetime | None]
    signed_off_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))

    offer: Mapped[Offer] = relationship(back_populates="versions")
    themes: Mapped[list[OfferTheme]] = relationship(
        lazy="selectin", order_by="OfferTheme.position", cascade="all, delete-orphan"
    )
    choices: Mapped[list[Choice]] = relationship(
        secondary=offer_version_choice, lazy="selectin", order_by=Choice.position
    )

    def chosen(self, kind: str) -> list[Choice]:
        return [choice for choice in self.choices if choice.kind == kind]


class OfferTheme(Base):
    """A theme of an offer, with what backs the claim."""

    __tablename__ = "offer_theme"
    __table_args__ = (UniqueConstraint("version_id", "theme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(OfferVersion.id))
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id), index=True)
    position: Mapped[int]
    evidence: Mapped[Evidence] = mapped_column(Word(Evidence))

    theme: Mapped[Theme] = relationship(lazy="joined")
