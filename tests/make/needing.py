"""What a receiver brings, and the way to a match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.conversations import actions as conversations
from broker.conversations import times
from broker.db import db
from broker.help import actions as helping
from broker.matches import actions as matches
from broker.models.help import LiveHelp
from broker.models.match import Answer, Conversation, Match, Origin, Side, Suggestion
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.programme import Programme
from broker.models.readiness import Readiness, WayOn
from broker.models.recording import Recording
from broker.models.signing import BESIDE_THE_DIRECTOR
from broker.models.suggested_need import SuggestedNeed
from broker.needs import actions as needs
from broker.readiness import actions as readiness
from broker.recordings import actions as recordings
from broker.recordings.agreed import Agreed, Given
from broker.signing import actions as signing
from broker.suggested_needs import actions as suggested_needs
from broker.taking import take
from tests import people
from tests.make.giving import (
    DAY,
    capacity,
    next_quarter,
    offer,
    theme,
)
from tests.make.walks import walked_once


@walked_once
def small_ask(about: Offer, *, by: str = "receiver") -> Need:
    """An ask in a minute about an offer."""
    person = people.person(by)
    place = person.memberships[0].authority
    assert place is not None
    return conversations.small_ask(
        about,
        receiver=place,
        title="A few days on thresholds",
        theme=about.current.themes[0].theme,
        days=5 * DAY,
        quarter=next_quarter(),
        message="Could we hear how you did it?",
        by=person,
    )


def need_terms(
    *, title: str = "A steadier front door", days: int = 8 * DAY, first: Quarter | None = None
) -> needs.NeedTerms:
    return needs.NeedTerms(
        title=title,
        themes=(theme(),),
        choices=(),
        days_wanted=days,
        days_least=DAY,
        first_quarter=first or next_quarter(),
        change_wanted="Children are seen sooner.",
        strengths="A settled team of practice leaders.",
    )


@walked_once
def need(
    *,
    title: str = "A steadier front door",
    days: int = 8 * DAY,
    programme: Programme | None = None,
    until: str = "open",
    first: Quarter | None = None,
) -> Need:
    """A need of Wirral's, walked to 'private', 'in_confidence', 'submitted' or 'open'."""
    lead, director = people.person("receiver_lead"), people.person("receiver")
    made = needs.describe(
        receiver=people.authority(people.RECEIVER),
        programme=programme or people.programme(),
        terms=need_terms(title=title, days=days, first=first),
        by=lead,
    )
    if until == "in_confidence":
        take(made, "share", by=lead)
    if until in ("submitted", "open"):
        needs.submit(made, by=director)
    if until == "open":
        opened(made)
    return made


@walked_once
def signed(made: Need) -> Need:
    """A need that its chief executive and its lead member have signed."""
    for signer in BESIDE_THE_DIRECTOR:
        signing.sign(made, signer, by=signing.signatory(made.receiver, signer))
    return made


@walked_once
def checked(made: Need, outcome: Readiness = Readiness.READY) -> Need:
    """A submitted need with a readiness check, as the coordinator records it."""
    is_ready = outcome is Readiness.READY
    condition = readiness.Condition("A lead is named.", "Director", date(2027, 1, 29))
    readiness.check_readiness(
        made,
        outcome=outcome,
        evidence="Improvement board papers seen.",
        conditions=() if is_ready else (condition,),
        way_on=WayOn.EARLY_HELP if outcome is Readiness.NOT_READY else None,
        by=people.person("coordinator"),
    )
    return made


@walked_once
def opened(made: Need, outcome: Readiness = Readiness.READY) -> Need:
    """A submitted need: signed, checked and read where that must be, and opened."""
    if not made.is_small:
        checked(signed(made), outcome)
        readiness.see(made, comment="", by=people.person("receiver_lead"))
    needs.open_need(made, by=people.person("coordinator"))
    return made


@walked_once
def suggested_need(*, by: str = "coordinator", title: str = "Steadier decisions") -> SuggestedNeed:
    """Something that the region, the Department or an adviser puts to Wirral."""
    return suggested_needs.suggest(
        receiver=people.authority(people.RECEIVER),
        theme=theme(),
        title=title,
        strengths="A settled team.",
        because="Decisions differ from team to team.",
        days=6 * DAY,
        by=people.person(by),
    )


@walked_once
def live_help(helper: str = "Improvement board adviser", *, days: int | None = 3 * DAY) -> LiveHelp:
    """Help that Wirral has from outside the exchange, on the usual theme."""
    said = helping.Said(helper, theme(), clock.today(), what="Chairs the board", each_quarter=days)
    return helping.enter(people.authority(people.RECEIVER), said, by=people.person("receiver_lead"))


@walked_once
def suggestion(made: Need, given: Offer, *, by: str = "receiver") -> Suggestion:
    return conversations.suggest(made, given, origin=Origin.ASK, by=people.person(by))


@walked_once
def conversation(made: Need | None = None, given: Offer | None = None) -> Conversation:
    """An ask that waits for an answer."""
    made, given = made or need(), given or offer()
    asked = suggestion(made, given)
    return conversations.ask(
        asked, message="Could we talk about your front door?", by=people.person("receiver")
    )


@walked_once
def meeting(made: Need | None = None, given: Offer | None = None) -> Conversation:
    """A conversation that was accepted, with a time chosen a fortnight ahead."""
    talk = conversation(made, given)
    conversations.accept(talk, by=people.person("giver"))
    start = clock.now() + timedelta(days=14)
    [only] = times.propose_times(
        talk, starts=[start], minutes=60, place="By telephone", by=people.person("giver")
    )
    times.choose_time(talk, only.id, by=people.person("receiver"))
    return talk


@walked_once
def match(made: Need | None = None, given: Offer | None = None, *, giver: str = "giver") -> Match:
    """A match whose two sides have talked and both said yes."""
    talk = conversation(made, given)
    return talked(talk, giver=giver)


@walked_once
def match_from(asked: Suggestion) -> Match:
    """A match from a suggestion that the receiver took up."""
    talk = conversations.ask(asked, message="May we talk?", by=people.person("receiver"))
    return talked(talk)


@walked_once
def talked(talk: Conversation, *, giver: str = "giver") -> Match:
    """The match of a conversation that was accepted and in which both said yes."""
    conversations.accept(talk, by=people.person(giver))
    for side, name in ((Side.RECEIVER, "receiver"), (Side.PROVIDER, giver)):
        conversations.record_outcome(talk, side=side, answer=Answer.YES, by=people.person(name))
    return db.session.scalars(select(Match).filter_by(conversation_id=talk.id)).unique().one()


@walked_once
def agreed(made: Match | None = None, *, giver: str = "giver") -> Match:
    """A match that both directors agreed to, in words for why one provider was enough."""
    if made is None:
        capacity()
        made = match()
    matches.explain_one(
        made, because="They solved this very problem.", by=people.person("receiver")
    )
    matches.agree(made, by=people.person("receiver"))
    matches.agree(made, by=people.person(giver))
    return made


@walked_once
def recording(
    *,
    until: str = "written",
    given: Sequence[tuple[date, int]] = ((date(2026, 10, 12), 6),),
    to_come: Mapping[Quarter, int] | None = None,
    by: str = "giver_lead",
) -> Recording:
    """Help that Leeds and Wirral agreed elsewhere: 'written', 'sent' or 'confirmed'."""
    side = Side.PROVIDER if by.startswith("giver") else Side.RECEIVER
    made = recordings.begin(
        agreed_elsewhere(to_come),
        side,
        given=[Given(on, days, "Looked at decisions together") for on, days in given],
        by=people.person(by),
    )
    if until in ("sent", "confirmed"):
        recordings.send(made, by=people.person(by))
    if until == "confirmed":
        other = "receiver" if side is Side.PROVIDER else "giver"
        recordings.confirm(made, by=people.person(other))
    return made


def agreed_elsewhere(to_come: Mapping[Quarter, int] | None = None) -> Agreed:
    return Agreed(
        provider=people.authority(people.GIVER),
        receiver=people.authority(people.RECEIVER),
        programme=people.programme(),
        theme=theme(),
        title="Agreed over the phone",
        starts_on=date(2026, 9, 1),
        aims="Children are seen sooner.",
        to_come=to_come,
    )
