"""What an authority has on its hands when it is followed by others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.errors import NotRight
from broker.facts.mentions import needs_naming, partners_of
from broker.models.authority import Authority
from broker.models.exception import EligibilityException
from broker.models.help import LiveHelp
from broker.models.ledger import Capacity
from broker.models.match import Conversation, Match
from broker.models.need import Need
from broker.models.offer import Offer, OfferPartner
from broker.models.partnership import PARTNERSHIPS_OPEN, Partnership
from broker.models.person import Membership, Person
from broker.models.recording import Recording
from broker.models.return_ import Freeze, Return
from broker.models.showing import Showing
from broker.models.suggested_need import SuggestedNeed
from broker.workflow import SUCCEEDED

OPEN = {noun: states for noun, states, _ in SUCCEEDED}


@dataclass(frozen=True)
class Records:
    """Everything that goes over, each list in id order. `naming`: needs that say something of it
    as a possible provider. `theirs`: other providers' returns."""

    offers: list[Offer]
    needs: list[Need]
    suggested: list[SuggestedNeed]
    live_help: list[LiveHelp]
    conversations: list[Conversation]
    matches: list[Match]
    partnerships: list[Partnership]
    showings: list[Showing]
    recordings: list[Recording]
    returns: list[Return]
    exceptions: list[EligibilityException]
    capacities: list[Capacity]
    partners: list[OfferPartner]
    naming: list[Need]
    people: list[Person]
    giving: list[Match]
    theirs: dict[tuple[int, int, Quarter], Return]
    frozen: set[tuple[int, Quarter]]

    @property
    def live(self) -> list[Partnership]:
        return [one for one in self.partnerships if one.state in PARTNERSHIPS_OPEN]

    def between_two(self, *, only_live: bool = False) -> list[Any]:
        """What has a giving and a receiving side."""
        partnerships = self.live if only_live else self.partnerships
        return [*self.conversations, *self.matches, *partnerships]

    def is_frozen(self, return_: Return) -> bool:
        return (return_.programme_id, return_.quarter) in self.frozen

    def named(self) -> dict[str, str]:
        """What is divided between two successors, by key, in words without what is private."""
        offers = {f"offer-{one.id}": f"Offer {one.id}" for one in self.offers}
        needs = {f"need-{one.id}": f"Need {one.id}" for one in self.needs}
        returns = {
            f"return-{one.id}": f"Return, {one.programme.name}, {one.quarter}"
            for one in self.returns
        }
        return offers | needs | returns | {f"person-{one.id}": one.name for one in self.people}

    def counts(self) -> dict[str, int]:
        """What goes over, in words, and how many of each."""
        return {
            "offers": len(self.offers),
            "needs": len(self.needs),
            "suggested needs": len(self.suggested),
            "help from elsewhere": len(self.live_help),
            "conversations": len(self.conversations),
            "matches": len(self.matches),
            "partnerships": len(self.partnerships),
            "agreements made elsewhere": len(self.recordings),
            "returns": len(self.returns),
            "exceptions": len(self.exceptions),
            "programmes with days": len(self.capacities),
            "people": len(self.people),
        }


def records_of(old: Authority) -> Records:
    """What is open at an authority, and its partnerships."""
    frozen = db.session.execute(select(Freeze.programme_id, Freeze.quarter)).all()
    matches = _of(Match, _either(Match, old))
    returns = db.session.scalars(select(Return).where(Return.provider_id != old.id)).unique()
    return Records(
        offers=_of(Offer, Offer.provider_id == old.id),
        needs=_of(Need, Need.receiver_id == old.id),
        suggested=_of(SuggestedNeed, SuggestedNeed.receiver_id == old.id),
        live_help=_of(LiveHelp, LiveHelp.receiver_id == old.id),
        conversations=_of(Conversation, _either(Conversation, old)),
        matches=matches,
        partnerships=_of(Partnership, _either(Partnership, old)),
        showings=_of(Showing, Showing.authority_id == old.id),
        recordings=_of(Recording, _either(Recording, old)),
        returns=_of(Return, Return.provider_id == old.id),
        exceptions=_of(EligibilityException, EligibilityException.provider_id == old.id),
        capacities=_all(Capacity, Capacity.provider_id == old.id),
        partners=partners_of(old),
        naming=needs_naming(old, OPEN[Need.noun]),
        people=_people(old),
        giving=[match for match in matches if match.provider_id == old.id],
        theirs={(one.provider_id, one.programme_id, one.quarter): one for one in returns},
        frozen={(programme_id, quarter) for programme_id, quarter in frozen},
    )


def _of(model: Any, whose: ColumnElement[bool]) -> list[Any]:
    """Records of one noun in the states that go over."""
    return _all(model, whose, model.state.in_(OPEN[model.noun]))


def _all(model: Any, *conditions: ColumnElement[bool]) -> list[Any]:
    wanted = select(model).where(*conditions).order_by(model.id)
    return list(db.session.scalars(wanted).unique())


def _either(model: Any, old: Authority) -> ColumnElement[bool]:
    return or_(model.receiver_id == old.id, model.provider_id == old.id)


def _people(old: Authority) -> list[Person]:
    today = clock.today()
    at = select(Membership.person_id).where(
        Membership.authority_id == old.id, Membership.held_on(today)
    )
    return _all(Person, or_(Person.id.in_(at), Person.employer_id == old.id))


def code_is_taken(code: str) -> bool:
    """Whether any authority has or had this ONS code."""
    rows = db.session.execute(select(Authority.code, Authority.former_codes))
    return code in chain.from_iterable((now, *former) for now, former in rows)


def authority_coded(code: str) -> Authority:
    """The authority with this ONS code; NotRight when nobody has it."""
    found = db.session.scalars(select(Authority).filter_by(code=code)).one_or_none()
    if found is None:
        raise NotRight(f"No authority has the code {code}.", "code")
    return found


def standing() -> list[Authority]:
    """Authorities that have not ended, by name."""
    wanted = select(Authority).where(Authority.ended_on.is_(None)).order_by(Authority.name)
    return list(db.session.scalars(wanted).unique())
