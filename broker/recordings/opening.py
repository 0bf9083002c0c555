"""What a noted recording becomes: a need, an offer, a match and a partnership like any other."""

from __future__ import annotations

from datetime import datetime, time

from broker import clock, ledger
from broker.db import db
from broker.models.event import Event
from broker.models.match import Match, MatchDays, MatchLead, Origin
from broker.models.need import Need, NeedTheme
from broker.models.offer import Evidence, Offer, OfferTheme, OfferVersion
from broker.models.partnership import Partnership, SupportDay
from broker.models.recording import Recording, by_quarter
from broker.partnerships.actions import open_for
from broker.system import the_system
from broker.taking import start

QUARTERS_MOST = 8


def open_partnership(recording: Recording, event: Event) -> Match:
    """The match of a recording, with its days in the ledger and its partnership open."""
    match = _match(recording, _need(recording), _offer(recording))
    ledger.record(match, by_quarter(recording.given), by_quarter(recording.to_come), event)
    partnership = open_for(match, by=the_system())
    began = datetime.combine(recording.starts_on, time(9), clock.LONDON)
    partnership.opened_at = began.astimezone(clock.now().tzinfo)
    _log(recording, partnership)
    db.session.flush()
    return match


def _need(recording: Recording) -> Need:
    days = by_quarter(recording.days)
    span = max(days).ordinal - min(days).ordinal + 1
    need = Need(
        receiver=recording.receiver,
        receiver_id=recording.receiver_id,
        programme_id=recording.programme_id,
        title=recording.title,
        change_wanted=recording.aims,
        days_wanted=sum(days.values()),
        days_least=sum(days.values()),
        first_quarter=min(days),
        quarters_wanted=min(span, QUARTERS_MOST),
        created_by_id=recording.entered_by_id,
        submitted_at=clock.now(),
        opened_at=clock.now(),
        themes=[NeedTheme(theme=recording.theme, position=1)],
    )
    start(need, "record", by=the_system(), detail=f"Recording {recording.id}")
    return need


def _offer(recording: Recording) -> OfferVersion:
    """What the provider gives, in the words of the recording; it was never in the prospectus."""
    version = OfferVersion(
        number=1,
        title=recording.title,
        what_we_do=recording.aims,
        days_most=sum(by_quarter(recording.days).values()),
        days_least=1,
        created_by_id=recording.entered_by_id,
        programmes=[recording.programme],
        themes=[OfferTheme(theme=recording.theme, position=1, evidence=Evidence.STATED)],
    )
    offer = Offer(provider=recording.provider, programme=recording.programme)
    offer.versions.append(version)
    start(offer, "record", by=the_system(), detail=f"Recording {recording.id}")
    return version


def _match(recording: Recording, need: Need, version: OfferVersion) -> Match:
    match = Match(
        need=need,
        offer_version=version,
        receiver=recording.receiver,
        provider=recording.provider,
        programme=recording.programme,
        origin=Origin.RECORDED,
        originated_by_id=recording.entered_by_id,
        aims=recording.aims,
        days=[
            MatchDays(quarter=quarter, quarter_days=days)
            for quarter, days in sorted(by_quarter(recording.days).items())
        ],
        leads=[MatchLead(theme=recording.theme, position=1)],
    )
    start(match, "record", by=the_system(), detail=f"Recording {recording.id}")
    return match


def _log(recording: Recording, partnership: Partnership) -> None:
    """The days given so far; both sides have confirmed them already."""
    for row in recording.given:
        day = SupportDay(
            partnership=partnership,
            given_on=row.given_on,
            quarter_days=row.quarter_days,
            activity=row.activity,
            delivery=row.delivery,
            logged_by_id=recording.entered_by_id,
            logged_by_side=recording.entered_side,
        )
        start(day, "record", by=the_system(), detail=f"Recording {recording.id}")
