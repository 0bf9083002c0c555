"""Suggestions, conversations, matches and rounds: how a need and an offer find each other."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.clock import Quarter
from broker.db import Base, Stateful, Word
from broker.models.authority import Authority, Region
from broker.models.need import Need
from broker.models.offer import Delivery, Offer, OfferVersion
from broker.models.person import Person
from broker.models.programme import Programme, Theme

ALL_ENGLAND = "All of England"


class Side(Enum):
    RECEIVER = "receiver"
    PROVIDER = "provider"

    @property
    def other(self) -> Side:
        return Side.PROVIDER if self is Side.RECEIVER else Side.RECEIVER


class Origin(Enum):
    """Where a suggestion came from."""

    ROUND = "round"
    SHORTLIST = "shortlist"
    ASK = "ask"
    COORDINATOR = "coordinator"
    RECORDED = "recorded"

    @property
    def words(self) -> str:
        return {
            "round": "Suggested by a round",
            "shortlist": "Chosen from the shortlist",
            "ask": "Asked about directly",
            "coordinator": "Suggested by a coordinator",
        }[self.value]


class RoundState(Enum):
    QUEUED = "queued"
    RUNNING = "running"
    SOLVED = "solved"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class RoundKind(Enum):
    """Who is to talk to whom, or who is to work with whom, when and for how many days."""

    CONVERSATION = "conversation"
    COMMITMENT = "commitment"


class Round(Stateful, Base):
    """One run of the matcher with what went in and what came out (the outside face's JSON), over
    one region's needs or, without a region, over all England's.

    `settings`: limits, minimums, musts and forbidden pairs (rounds/settings.py). `heard`: what
    the matcher last said of itself. `hand`: the plan's matches as changed by hand, if they were.
    """

    __tablename__ = "round"
    noun = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id))
    region_id: Mapped[int | None] = mapped_column(ForeignKey(Region.id), index=True)
    state: Mapped[RoundState] = mapped_column(Word(RoundState))
    kind: Mapped[RoundKind] = mapped_column(Word(RoundKind), default=RoundKind.COMMITMENT)
    aim: Mapped[str] = mapped_column(String(20), default="fit")
    seconds: Mapped[int] = mapped_column(default=30)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    heard: Mapped[dict[str, Any] | None]
    hand: Mapped[list[Any] | None]
    hand_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    inputs: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))

    programme: Mapped[Programme] = relationship(lazy="joined")
    region: Mapped[Region | None] = relationship(lazy="joined")
    created_by: Mapped[Person] = relationship(foreign_keys=created_by_id)
    hand_by: Mapped[Person | None] = relationship(foreign_keys=hand_by_id)

    @property
    def is_conversation(self) -> bool:
        return self.kind is RoundKind.CONVERSATION

    @property
    def scope(self) -> str:
        return self.region.name if self.region else ALL_ENGLAND

    @property
    def title(self) -> str:
        return f"Round {self.id}: {self.programme.name}, {self.scope}"


class SuggestionState(Enum):
    MADE = "made"
    ASKED = "asked"
    PASSED_OVER = "passed_over"


class Suggestion(Stateful, Base):
    """An offer that could help with a need. The receiver hears first; nothing is assigned."""

    __tablename__ = "suggestion"
    noun = "suggestion"
    __table_args__ = (UniqueConstraint("need_id", "offer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id))
    offer_id: Mapped[int] = mapped_column(ForeignKey(Offer.id), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey(Round.id), index=True)
    origin: Mapped[Origin] = mapped_column(Word(Origin))
    state: Mapped[SuggestionState] = mapped_column(Word(SuggestionState))
    points: Mapped[int | None]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    need: Mapped[Need] = relationship(lazy="joined")
    offer: Mapped[Offer] = relationship(lazy="joined")

    @property
    def title(self) -> str:
        return f"{self.offer.provider.name} for {self.need.title}"

    @property
    def programme_id(self) -> int:
        return self.need.programme_id

    @property
    def receiver_id(self) -> int:
        return self.need.receiver_id

    @property
    def provider_id(self) -> int:
        return self.offer.provider_id

    @property
    def receiver(self) -> Authority:
        return self.need.receiver


class ConversationState(Enum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    HELD = "held"
    LAPSED = "lapsed"


class Conversation(Stateful, Base):
    """Exploratory talk between two authorities about a need and an offer."""

    __tablename__ = "conversation"
    noun = "conversation"
    __table_args__ = (UniqueConstraint("need_id", "offer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id))
    offer_id: Mapped[int] = mapped_column(ForeignKey(Offer.id), index=True)
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey(Suggestion.id))
    state: Mapped[ConversationState] = mapped_column(Word(ConversationState), index=True)
    message: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    is_reason_shared: Mapped[bool] = mapped_column(default=False)
    decline_reason: Mapped[str | None] = mapped_column(Text)

    need: Mapped[Need] = relationship(lazy="joined")
    offer: Mapped[Offer] = relationship(lazy="joined")
    receiver: Mapped[Authority] = relationship(foreign_keys=receiver_id)
    provider: Mapped[Authority] = relationship(foreign_keys=provider_id)
    suggestion: Mapped[Suggestion] = relationship()
    outcomes: Mapped[list[ConversationOutcome]] = relationship(lazy="selectin")

    @property
    def title(self) -> str:
        return f"Conversation about {self.offer.title}"

    def outcome_of(self, side: Side) -> ConversationOutcome | None:
        return next((outcome for outcome in self.outcomes if outcome.side is side), None)

    @property
    def is_yes_from_both(self) -> bool:
        yes = {outcome.side for outcome in self.outcomes if outcome.answer is Answer.YES}
        return yes == set(Side)


class Answer(Enum):
    YES = "yes"
    NOT_NOW = "not_now"
    NO = "no"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()


class ConversationOutcome(Base):
    """What one side made of the talk. Note and ratings (1-5) never leave that side; the reason does
    only where its writer shares it."""

    __tablename__ = "conversation_outcome"
    __table_args__ = (
        UniqueConstraint("conversation_id", "side"),
        CheckConstraint("values_rating BETWEEN 1 AND 5", name="values_rating"),
        CheckConstraint("confidence_rating BETWEEN 1 AND 5", name="confidence_rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey(Conversation.id))
    side: Mapped[Side] = mapped_column(Word(Side))
    answer: Mapped[Answer] = mapped_column(Word(Answer))
    values_rating: Mapped[int | None]
    confidence_rating: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    is_reason_shared: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))


class MatchState(Enum):
    TALKING = "talking"
    AGREED = "agreed"
    WITH_PANEL = "with_panel"
    APPROVED = "approved"
    DECLINED = "declined"
    NOT_APPROVED = "not_approved"
    NOT_NEEDED_NOW = "not_needed_now"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Match(Stateful, Base):
    """One need paired with one offer version, with days by quarter. Both directors agree it; what
    was agreed elsewhere and recorded has no conversation."""

    __tablename__ = "match"
    noun = "match"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey(Conversation.id), unique=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id), index=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey(OfferVersion.id))
    receiver_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey(Authority.id), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey(Programme.id), index=True)
    origin: Mapped[Origin] = mapped_column(Word(Origin))
    originated_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    state: Mapped[MatchState] = mapped_column(Word(MatchState), index=True)
    terms_number: Mapped[int] = mapped_column(default=1)
    aims: Mapped[str] = mapped_column(Text, default="")
    boundaries: Mapped[str] = mapped_column(Text, default="")
    delivery: Mapped[Delivery] = mapped_column(Word(Delivery), default=Delivery.EITHER)
    points: Mapped[int | None]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    only_one_because: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed_at: Mapped[datetime | None]
    sent_to_panel_at: Mapped[datetime | None]
    deferrals: Mapped[int] = mapped_column(default=0)

    conversation: Mapped[Conversation | None] = relationship()
    need: Mapped[Need] = relationship(lazy="joined")
    offer_version: Mapped[OfferVersion] = relationship()
    receiver: Mapped[Authority] = relationship(foreign_keys=receiver_id, lazy="joined")
    provider: Mapped[Authority] = relationship(foreign_keys=provider_id, lazy="joined")
    programme: Mapped[Programme] = relationship(lazy="joined")
    originated_by: Mapped[Person] = relationship()
    days: Mapped[list[MatchDays]] = relationship(
        lazy="selectin", order_by="MatchDays.quarter", cascade="all, delete-orphan"
    )
    leads: Mapped[list[MatchLead]] = relationship(
        order_by="MatchLead.position", cascade="all, delete-orphan"
    )
    agreements: Mapped[list[Agreement]] = relationship(lazy="selectin")
    votes: Mapped[list[PanelVote]] = relationship(order_by="PanelVote.id")

    @property
    def title(self) -> str:
        return f"{self.provider.name} with {self.receiver.name}: {self.need.title}"

    @property
    def total_days(self) -> int:
        return sum(row.quarter_days for row in self.days)

    @property
    def sides_agreed(self) -> set[Side]:
        """The sides that have agreed to the terms as they stand."""
        return {a.side for a in self.agreements if a.terms_number == self.terms_number}


class MatchDays(Base):
    """How many quarter-days a match wants in one quarter."""

    __tablename__ = "match_days"
    __table_args__ = (
        UniqueConstraint("match_id", "quarter"),
        CheckConstraint("quarter_days > 0", name="some_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey(Match.id))
    quarter: Mapped[Quarter]
    quarter_days: Mapped[int]


class MatchLead(Base):
    """Who works with whom on a theme, by role: the receiver's lead and the provider's."""

    __tablename__ = "match_lead"
    __table_args__ = (UniqueConstraint("match_id", "theme_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey(Match.id))
    theme_id: Mapped[int] = mapped_column(ForeignKey(Theme.id), index=True)
    position: Mapped[int]
    receiver_lead: Mapped[str] = mapped_column(String(120), default="")
    provider_lead: Mapped[str] = mapped_column(String(120), default="")

    theme: Mapped[Theme] = relationship(lazy="joined")


class Agreement(Base):
    """One side's director agreeing to one state of the terms."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("match_id", "side", "terms_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey(Match.id))
    side: Mapped[Side] = mapped_column(Word(Side))
    terms_number: Mapped[int]
    agreed_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))

    agreed_by: Mapped[Person] = relationship()


class Vote(Enum):
    FOR = "for"
    AGAINST = "against"
    RECUSED = "recused"

    @property
    def words(self) -> str:
        return {"for": "Approve", "against": "Do not approve", "recused": "Stand aside"}[self.value]


class PanelVote(Base):
    """A panel member's vote in one sitting: a tie defers once, which begins the next sitting."""

    __tablename__ = "panel_vote"
    __table_args__ = (UniqueConstraint("match_id", "person_id", "sitting"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey(Match.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    sitting: Mapped[int]
    vote: Mapped[Vote] = mapped_column(Word(Vote))
    reason: Mapped[str] = mapped_column(Text)
    voted_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship()


TALKS_OPEN = (ConversationState.ASKED, ConversationState.ACCEPTED, ConversationState.HELD)
MATCHES_LIVE = (MatchState.TALKING, MatchState.AGREED, MatchState.WITH_PANEL)
