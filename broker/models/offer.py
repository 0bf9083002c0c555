"""Offers: what a provider publishes, kept version by version."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

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


class Backfill(Enum):
    """Whether somebody must stand in for the people who help."""

    NONE = "none"
    NEEDED = "needed"
    SECURED = "secured"

    @property
    def words(self) -> str:
        return {
            "none": "Nobody needs to stand in for them",
            "needed": "Somebody must stand in for them, and is not found yet",
            "secured": "Somebody stands in for them",
        }[self.value]


class Situation(Enum):
    """Where an authority that an offer can help may stand."""

    REQUIRES_IMPROVEMENT = "requires_improvement"
    INADEQUATE = "inadequate"
    INTERVENTION = "intervention"
    POST_EXIT = "post_exit"
    EARLY = "early"

    @property
    def words(self) -> str:
        return {
            "requires_improvement": "A judgement of requires improvement",
            "inadequate": "A judgement of inadequate",
            "intervention": "In intervention, alongside its adviser or commissioner",
            "post_exit": "In the 12 months after intervention",
            "early": "Good or outstanding, with a worry of its own",
        }[self.value]


class Offer(Stateful, Base):
    """The standing thing; what it says is in its versions. `number` names the current one.

    `programme` is the first of those that the current version is open to. A version numbered
    after the current one is a revision that is not signed off yet.
    """

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

    revision: Mapped[OfferVersion | None] = relationship(
        primaryjoin="and_(Offer.id == remote(foreign(OfferVersion.offer_id)), "
        "remote(OfferVersion.number) == Offer.number + 1)",
        viewonly=True,
        uselist=False,
    )

    @property
    def title(self) -> str:
        return self.current.title or "Offer without a title yet"

    @property
    def programmes(self) -> list[Programme]:
        """Every programme that the current version is open to, `programme` first."""
        return sorted(self.current.programmes, key=lambda p: (p.id != self.programme_id, p.id))

    @property
    def partners(self) -> list[OfferPartner]:
        """The authorities that give it together with the provider."""
        return [partner for partner in self.current.partners if partner.is_named]

    @property
    def working(self) -> OfferVersion | None:
        """The version that can be written in now: a draft, or a revision."""
        return self.current if self.state is OfferState.DRAFT else self.revision

    @property
    def waits_since(self) -> datetime:
        """When what is to be signed off was handed over, or begun."""
        working = self.working
        return self.state_since if working is None else working.handed_over_at or working.created_at

    def is_open_to(self, programme_id: int) -> bool:
        """Whether the current version names the programme, open today or not."""
        return programme_id in {programme.id for programme in self.current.programmes}

    def programme_on(self, day: date, *, first: Programme | None = None) -> Programme:
        """The programme under which it is given to whoever asks on a day: `first` where the offer
        is open to it, else the earliest named; of those, one that is open then, if one is."""
        named = self.programmes or [self.programme]
        ordered = sorted(named, key=lambda one: first is None or one.id != first.id)
        return next((one for one in ordered if one.is_open_on(day)), ordered[0])


offer_version_programme = Table(
    "offer_version_programme",
    Base.metadata,
    Column("version_id", ForeignKey("offer_version.id"), primary_key=True),
    Column("programme_id", ForeignKey(Programme.id), primary_key=True, index=True),
)


offer_version_choice = Table(
    "offer_version_choice",
    Base.metadata,
    Column("version_id", ForeignKey("offer_version.id"), primary_key=True),
    Column("choice_id", ForeignKey(Choice.id), primary_key=True),
)


COMPLETE = (
    "signed_off_at IS NULL OR (title <> '' AND what_we_do <> '' AND delivery IS NOT NULL"
    " AND days_least IS NOT NULL AND days_most IS NOT NULL)"
)


class OfferVersion(Base):
    """One wording of an offer. A match keeps the version that it was agreed on.

    `days_least` and `days_most` are quarter-days for one partnership. What is None or empty has
    not been said; a version that is signed off has said all that is needed. `helps_situations`
    holds Situation values, `helps_regions` region codes, `helps_types` types of authority: empty,
    anybody.
    """

    __tablename__ = "offer_version"
    __table_args__ = (
        UniqueConstraint("offer_id", "number"),
        CheckConstraint("days_least > 0 AND days_least <= days_most", name="days"),
        CheckConstraint("commitment_months > 0", name="commitment"),
        CheckConstraint("open_from <= open_until", name="open"),
        CheckConstraint(COMPLETE, name="complete"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey(Offer.id))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120), default="")
    what_we_do: Mapped[str] = mapped_column(Text, default="")
    delivery: Mapped[Delivery | None] = mapped_column(Word(Delivery))
    days_least: Mapped[int | None]
    days_most: Mapped[int | None]
    commitment_months: Mapped[int | None]
    backfill: Mapped[Backfill | None] = mapped_column(Word(Backfill))
    open_from: Mapped[date | None]
    open_until: Mapped[date | None]
    helps_situations: Mapped[list[Any]] = mapped_column(default=list)
    helps_regions: Mapped[list[Any]] = mapped_column(default=list)
    helps_types: Mapped[list[Any]] = mapped_column(default=list)
    helped_before: Mapped[str] = mapped_column(Text, default="")
    lead_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    handed_over_at: Mapped[datetime | None]
    signed_off_at: Mapped[datetime | None]
    signed_off_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))

    offer: Mapped[Offer] = relationship(back_populates="versions")
    lead: Mapped[Person | None] = relationship(foreign_keys=lead_id)
    deputy: Mapped[Person | None] = relationship(foreign_keys=deputy_id)
    signed_off_by: Mapped[Person | None] = relationship(foreign_keys=signed_off_by_id)
    themes: Mapped[list[OfferTheme]] = relationship(
        lazy="selectin", order_by="OfferTheme.position", cascade="all, delete-orphan"
    )
    choices: Mapped[list[Choice]] = relationship(
        secondary=offer_version_choice, lazy="selectin", order_by=Choice.position
    )
    programmes: Mapped[list[Programme]] = relationship(
        secondary=offer_version_programme, lazy="selectin", order_by=Programme.id
    )
    partners: Mapped[list[OfferPartner]] = relationship(
        lazy="selectin",
        order_by="OfferPartner.id",
        cascade="all, delete-orphan",
        back_populates="version",
    )

    def chosen(self, kind: str) -> list[Choice]:
        return [choice for choice in self.choices if choice.kind == kind]

    @property
    def most(self) -> int:
        """The most quarter-days in one partnership; 0 as long as nothing is said."""
        return self.days_most or 0

    @property
    def situations(self) -> list[Situation]:
        return [one for one in Situation if one.value in self.helps_situations]

    @property
    def missing(self) -> list[tuple[str, str]]:
        """What must be said before it is signed off: the task's name, and what, in words."""
        wanted = (
            ("about", "a title", self.title),
            ("about", "what you do", self.what_we_do),
            ("about", "a programme", self.programmes),
            ("themes", "a theme", self.themes),
            ("work", "where you work", self.delivery),
            ("days", "the least days in one partnership", self.days_least),
            ("days", "the most days in one partnership", self.days_most),
        )
        gaps = [(task, words) for task, words, said in wanted if not said]
        gaps += [("themes", words) for theme in self.themes if (words := theme.missing)]
        unsettled = (p.authority.name for p in self.partners if not p.is_named)
        return gaps + [("together", f"the agreement of {name}") for name in unsettled]

    def is_open_on(self, day: date) -> bool:
        """Within the dates, if any, between which the offer is open."""
        begins, ends = self.open_from or day, self.open_until or day
        return begins <= day <= ends


class OfferTheme(Base):
    """A theme of an offer, with what backs the claim: a web address, and words about it."""

    __tablename__ = "offer_theme"
    __table_args__ = (UniqueConstraint("version_id", "theme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(OfferVersion.id))
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id), index=True)
    position: Mapped[int]
    evidence: Mapped[Evidence] = mapped_column(Word(Evidence))
    link: Mapped[str | None] = mapped_column(String(400))
    note: Mapped[str | None] = mapped_column(String(400))

    theme: Mapped[Theme] = relationship(lazy="joined")

    @property
    def host(self) -> str:
        """Where the link leads, as people say it."""
        return urlsplit(self.link or "").hostname or ""

    @property
    def missing(self) -> str | None:
        """What a claim of this kind still needs beside it, in words."""
        if self.evidence is Evidence.EVALUATED and not self.link:
            return f"a link to the evaluation of ‘{self.theme.name}’"
        if self.evidence is Evidence.PUBLISHED and not (self.link or self.note):
            return f"where ‘{self.theme.name}’ is published"
        return None


class OfferPartner(Base):
    """An authority that gives an offer together with its provider, once its director agrees."""

    __tablename__ = "offer_partner"
    __table_args__ = (UniqueConstraint("version_id", "authority_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(OfferVersion.id))
    authority_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    asked_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    left_at: Mapped[datetime | None]

    version: Mapped[OfferVersion] = relationship(back_populates="partners")
    authority: Mapped[Authority] = relationship(lazy="joined")
    agreed_by: Mapped[Person | None] = relationship()

    @property
    def is_named(self) -> bool:
        return self.agreed_at is not None and self.left_at is None

    @property
    def is_waiting(self) -> bool:
        """Asked, without an answer yet."""
        return self.asked_at is not None and self.agreed_at is None and self.left_at is None

    @property
    def words(self) -> str:
        if self.left_at is not None:
            return "Took its name off"
        if self.agreed_at is not None:
            return "Agreed"
        return "Not asked yet" if self.asked_at is None else "Asked, and has not answered yet"
