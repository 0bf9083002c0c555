"""What each reader of a conversation may know of it. Pages show conversations only through this.

Until the provider accepts, it knows the released shape of the need and the message, and not who
asks. Notes and ratings stay on the side that wrote them. Coordinators see outcomes, not words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from broker.models.event import Event
from broker.models.match import Answer, Conversation, ConversationOutcome, ConversationState, Side
from broker.models.need import Need, NeedState
from broker.models.person import Person
from broker.needs.released import Released, released
from broker.permissions import GIVING, RECEIVING

UNNAMED = "An authority"
WITHDRAWN_FROM_VIEW = (NeedState.PRIVATE, NeedState.IN_CONFIDENCE)


class Reader(Enum):
    RECEIVER = "receiver"
    PROVIDER = "provider"
    COORDINATOR = "coordinator"


def reader_of(conversation: Conversation, person: Person) -> Reader:
    """As whom a person who may see a conversation reads it."""
    if person.at(conversation.receiver_id, *RECEIVING):
        return Reader.RECEIVER
    if person.at(conversation.provider_id, *GIVING):
        return Reader.PROVIDER
    return Reader.COORDINATOR


def is_on_both_sides(conversation: Conversation, person: Person) -> bool:
    receives = person.at(conversation.receiver_id, *RECEIVING)
    return bool(receives and person.at(conversation.provider_id, *GIVING))


@dataclass(frozen=True)
class Unnamed:
    """Stands in for a person whom the reader may not know yet."""

    name: str = UNNAMED


@dataclass(frozen=True)
class HistoryLine:
    """An event with no more of who and why than the reader may know."""

    noun: str
    verb: str
    from_state: str | None
    to_state: str | None
    happened_at: datetime
    by: Person | Unnamed
    on_behalf_of: Person | None
    reason: str | None


@dataclass(frozen=True)
class Seen:
    """A conversation as one reader sees it. `was_accepted`: the provider agreed to talk once."""

    conversation: Conversation
    reader: Reader
    was_accepted: bool

    @property
    def id(self) -> int:
        return self.conversation.id

    @property
    def state(self) -> ConversationState:
        return self.conversation.state

    @property
    def side(self) -> Side | None:
        return None if self.reader is Reader.COORDINATOR else Side(self.reader.value)

    @property
    def knows_receiver(self) -> bool:
        return self.reader is not Reader.PROVIDER or self.was_accepted

    @property
    def receiver(self) -> str:
        if self.knows_receiver:
            return self.conversation.receiver.name
        region = self.shape.region
        return f"{UNNAMED} in {region}" if region else UNNAMED

    @property
    def provider(self) -> str:
        return self.conversation.provider.name

    @property
    def others(self) -> str:
        """Whom this is with, for the reader."""
        if self.reader is Reader.COORDINATOR:
            return f"{self.receiver} and {self.provider}"
        return self.provider if self.reader is Reader.RECEIVER else self.receiver

    @property
    def shape(self) -> Released:
        return released(self.conversation.need)

    @property
    def need_title(self) -> str:
        """What it is about; a need that is private again is its own authority's alone."""
        if self._is_need_hidden:
            return "A need that its authority is working on again"
        return self.conversation.need.title

    @property
    def _is_need_hidden(self) -> bool:
        """Taken back after it was shown."""
        need = self.conversation.need
        is_away = need.state in WITHDRAWN_FROM_VIEW or need.submitted_at is None
        return is_away and self.reader is not Reader.RECEIVER

    @property
    def shows_shape(self) -> bool:
        return not self._is_need_hidden

    @property
    def need(self) -> Need | None:
        """The need's own words, for those who may read them."""
        if self.reader is Reader.COORDINATOR or self._is_need_hidden or not self.knows_receiver:
            return None
        return self.conversation.need

    @property
    def need_page(self) -> int | None:
        """The id of the need whose page the reader may open."""
        if self.reader is Reader.PROVIDER or self._is_need_hidden:
            return None
        return self.conversation.need_id

    @property
    def message(self) -> str | None:
        return None if self.reader is Reader.COORDINATOR else self.conversation.message

    @property
    def decline_reason(self) -> str | None:
        may_know = self.reader is not Reader.RECEIVER or self.conversation.is_reason_shared
        return self.conversation.decline_reason if may_know else None

    @property
    def own_outcome(self) -> ConversationOutcome | None:
        return self.conversation.outcome_of(self.side) if self.side else None

    def answer_of(self, side: Side) -> Answer | None:
        """A side's answer: its own and the coordinator at once, the other when both have said."""
        outcome = self.conversation.outcome_of(side)
        is_theirs = self.side is side.other
        if outcome is None or (is_theirs and self.own_outcome is None):
            return None
        return outcome.answer

    def reason_of(self, side: Side) -> str:
        """Why a side answered as it did: its own; the other's once both answered, if shared."""
        outcome = self.conversation.outcome_of(side)
        if outcome is None or self.side is None:
            return ""
        may_know = self.side is side or (outcome.is_reason_shared and self.own_outcome is not None)
        return outcome.reason if may_know else ""

    @property
    def sides(self) -> type[Side]:
        return Side

    def waiting_words(self, side: Side) -> str:
        """What stands in place of an answer that is not there, or not for this reader yet."""
        is_theirs = self.side is side.other
        return "Shown once both sides have answered" if is_theirs else "Not answered yet"

    def history(self, events: list[Event]) -> list[HistoryLine]:
        return [self._line(event) for event in events]

    def _line(self, event: Event) -> HistoryLine:
        is_hidden = event.verb == "ask" and not self.knows_receiver
        return HistoryLine(
            noun=event.noun,
            verb=event.verb,
            from_state=event.from_state,
            to_state=event.to_state,
            happened_at=event.happened_at,
            by=Unnamed() if is_hidden else event.by,
            on_behalf_of=None if is_hidden else event.on_behalf_of,
            reason=self._reason_of(event),
        )

    def _reason_of(self, event: Event) -> str | None:
        return self.decline_reason if event.verb == "decline" else None

    @property
    def words(self) -> str:
        """All that a list shows of it, to search in; never more than its reader may know."""
        offer = self.conversation.offer.title
        return " ".join((self.need_title, offer, self.receiver, self.provider)).casefold()
