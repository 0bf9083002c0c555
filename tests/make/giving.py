"""What a provider brings: offers, days, facts about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from broker import clock
from broker.api_tokens import actions as api_tokens
from broker.capacity import actions as capacities
from broker.clock import Quarter, this_quarter
from broker.db import db
from broker.exceptions import actions as exceptions
from broker.facts import actions as facts
from broker.interventions import actions as interventions
from broker.interventions.actions import Period
from broker.memberships import inviting
from broker.memberships.inviting import Post
from broker.models.api_token import ApiToken, Scope
from broker.models.authority import Area, Grade, Judgement
from broker.models.exception import EligibilityException
from broker.models.fact_import import FactImport, Kind
from broker.models.intervention import Intervention, InterventionKind
from broker.models.invitation import Invitation
from broker.models.ledger import Capacity
from broker.models.notice import Notice
from broker.models.offer import Delivery, Evidence, Offer
from broker.models.person import Person, Role
from broker.models.programme import Programme, Theme
from broker.models.searching import SavedSearch
from broker.offers import actions as offers
from broker.operations import notices
from broker.programmes import actions as programmes
from broker.programmes.actions import Terms
from broker.prospectus import actions as searching
from broker.prospectus.asked import read
from tests import people
from tests.make.walks import walked_once

DAY = 4  # a day, in quarter-days


def theme(code: str = "") -> Theme:
    """A theme by its code; without one, the first that stands under a heading."""
    wanted = select(Theme).where(Theme.parent_id.is_not(None)).order_by(Theme.id)
    if code:
        wanted = wanted.where(Theme.code == code)
    return db.session.scalars(wanted.limit(1)).one()


@walked_once
def exception(name: str = "Wirral", *, code: str = "pip") -> EligibilityException:
    """Wirral may provide under Partners in Practice until 1 June, by its coordinator's word."""
    return exceptions.grant(
        provider=people.authority(name),
        programme=people.programme(code),
        because="Its front door is known for its work with families.",
        expires_on=date(2027, 6, 1),
        by=people.person("coordinator"),
    )


@walked_once
def fact_import() -> FactImport:
    """A file of judgements that was looked at and not applied."""
    header = "code,published,inspected,framework,kind,overall,leaders,help_and_protection"
    line = "E08000035,2026-11-12,,ILACS,standard inspection,good,good,good"
    content = f"{header},children_in_care,care_leavers,standing\n{line},good,good,official\n"
    by = people.person("administrator")
    return facts.show(
        kind=Kind.JUDGEMENTS, file_name="outcomes.csv", content=content.encode(), by=by
    )


@walked_once
def judged(name: str, grade: Grade | None, on: date, **more: Any) -> Judgement:
    """A judgement with one grade throughout, the overall one left out as since April 2026."""
    areas = {} if grade is None else {area.value: grade for area in Area}
    place = people.authority(name)
    facts = {
        "framework": "ILACS",
        "kind": "standard inspection",
        "source": "A made-up report",
        "is_official": True,
    }
    made = Judgement(authority=place, published_on=on, **facts, **areas, **more)
    db.session.add(made)
    db.session.flush()
    db.session.expire(place, ["judgements"])
    return made


def next_quarter() -> Quarter:
    return this_quarter() + 1


@walked_once
def offer(
    *,
    giver: str = "giver",
    title: str = "Help at the front door",
    programme: Programme | None = None,
    published: bool = True,
    most: int = 60 * DAY,
) -> Offer:
    """An offer of Leeds's (or of another giver's authority), published unless told otherwise."""
    by = people.person(giver)
    made = offers.draft(
        provider=by.memberships[0].authority,
        programme=programme or people.programme(),
        terms=offer_terms(title=title, most=most),
        by=by,
    )
    if published:
        offers.publish(made, by=by)
    return made


@walked_once
def director_of(name: str) -> Person:
    """A director of any authority, made when there is none in the cast."""
    known = db.session.scalars(select(Person).filter_by(name=f"Director, {name}")).one_or_none()
    place = people.authority(name)
    return known or people.add(f"director-{place.code}", Role.DIRECTOR, authority=place)


@walked_once
def offer_by(by: Person, *, title: str) -> Offer:
    """A published offer of a director's own authority, under Own days."""
    place = by.memberships[0].authority
    assert place is not None
    terms = offer_terms(title=title)
    made = offers.draft(provider=place, programme=people.programme(), terms=terms, by=by)
    offers.publish(made, by=by)
    return made


def offer_terms(
    *, title: str = "Help at the front door", most: int = 60 * DAY
) -> offers.OfferTerms:
    return offers.OfferTerms(
        title=title,
        what_we_do="We sit beside your team, look at decisions together and leave tools behind.",
        themes=(offers.Backed(theme(), Evidence.EVALUATED, "https://example.org/evaluation"),),
        choices=(),
        delivery=Delivery.EITHER,
        days_least=DAY,
        days_most=most,
    )


@walked_once
def saved_search(query: str = "q=front+door", *, by: str = "receiver") -> SavedSearch:
    """A search that somebody keeps under a name."""
    asked = read(MultiDict(parse_qsl(query)))
    return searching.save(asked, name="Front door", by=people.person(by))


@walked_once
def invitation(*, by: str = "giver") -> Invitation:
    """A role at the giving authority, offered to somebody who has not answered."""
    inviter = people.person(by)
    post = Post(Role.PRACTITIONER, inviter.memberships[0].authority)
    return inviting.invite(post, name="Practice lead", email="lead@leeds.example", by=inviter)


@walked_once
def capacity(
    days: Mapping[Quarter, int] | None = None,
    *,
    giver: str = "giver",
    programme: Programme | None = None,
    at_once: int | None = None,
) -> Capacity:
    """Confirmed days: ten in each of the next four quarters unless told otherwise."""
    by = people.person(giver)
    provider = by.memberships[0].authority
    assert provider is not None
    return capacities.confirm(
        provider=provider,
        programme=programme or people.programme(),
        days=days or {next_quarter() + n: 10 * DAY for n in range(4)},
        by=by,
        at_once=at_once,
    )


@walked_once
def api_token(
    *scopes: Scope, programme: str = "pip", by: str = "manager", days: int = 30
) -> tuple[ApiToken, str]:
    """A token of a programme, with all scopes if none is named; and the token itself."""
    return api_tokens.make(
        programme=people.programme(programme),
        name="Regional dashboard",
        scopes=scopes or tuple(Scope),
        expires_on=clock.today() + timedelta(days=days),
        by=people.person(by),
    )


@walked_once
def notice(words: str = "Back at noon.", *, closes_writing: bool = False) -> Notice:
    return notices.put_up(words, closes_writing=closes_writing, by=people.person("administrator"))


@walked_once
def programme(
    name: str = "Days for the North", *, closes_on: date | None = None, like: str = "own"
) -> Programme:
    """A programme that an administrator added, open since 1 April 2026, with Own days' rules."""
    terms = Terms(name, "The region's authorities", date(2026, 4, 1), closes_on)
    return programmes.add(terms, like=people.programme(like), by=people.person("administrator"))


@walked_once
def intervention(*, ended_on: date | None = None) -> Intervention:
    """A statutory direction at Wirral since 2 May 2023."""
    period = Period(InterventionKind.DIRECTION, date(2023, 5, 2), "Direction, 2 May 2023", ended_on)
    return interventions.enter(
        people.authority(people.RECEIVER), period, by=people.person("administrator")
    )
