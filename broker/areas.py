"""The areas of the site, and what every template may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, current_app, g, request, url_for

from broker import clock
from broker.account.views import bp as account
from broker.agreements.views import bp as agreements
from broker.api.views import bp as api
from broker.api_tokens.views import bp as api_tokens
from broker.authorities.views import bp as authorities
from broker.capacity.views import bp as capacity
from broker.capacity_index.views import bp as capacity_index
from broker.conversations.views import bp as conversations
from broker.council_accounts.views import bp as council_accounts
from broker.dashboards.views import bp as dashboards
from broker.day_imports.views import bp as day_imports
from broker.deputies.views import bp as deputies
from broker.duties import Duty
from broker.endings.views import bp as endings
from broker.exceptions.views import bp as exceptions
from broker.extensions.views import bp as extensions
from broker.extras.views import bp as extras
from broker.facts.views import bp as facts
from broker.feedback.views import bp as feedback
from broker.grants.views import bp as grants
from broker.health.views import bp as health
from broker.help.views import bp as help_
from broker.interventions.views import bp as interventions
from broker.learning.views import bp as learning
from broker.matches.views import bp as matches
from broker.memberships.views import bp as memberships
from broker.messages.views import bp as messages
from broker.models.person import Person, Role, for_duty
from broker.needs.views import bp as needs
from broker.offers.queries import may_ask_of
from broker.offers.views import bp as offers
from broker.one_time_links.views import bp as one_time_links
from broker.operations.notices import notice_shown
from broker.operations.views import bp as operations
from broker.own_sign_in.views import bp as own_sign_in
from broker.pages.views import bp as pages
from broker.partnerships.views import bp as partnerships
from broker.permissions import GIVING, RECEIVING
from broker.personal.views import bp as personal
from broker.phases.views import bp as phases
from broker.plans.views import bp as plans
from broker.programme.views import bp as programme
from broker.programmes.views import bp as programmes
from broker.prospectus.views import bp as prospectus
from broker.pulse.views import bp as pulse
from broker.readiness.views import bp as readiness
from broker.recordings.views import bp as recordings
from broker.returns.views import bp as returns
from broker.reviews.views import bp as reviews
from broker.rounds.after import bp as rounds
from broker.shortlists.views import bp as shortlists
from broker.showings.views import bp as showings
from broker.signing.views import bp as signing
from broker.suggested_needs.views import bp as suggested_needs
from broker.support_days.views import bp as support_days
from broker.work.views import bp as work

AREAS = (
    account,
    agreements,
    api,
    api_tokens,
    authorities,
    capacity,
    capacity_index,
    conversations,
    council_accounts,
    dashboards,
    day_imports,
    extras,
    facts,
    feedback,
    help_,
    exceptions,
    health,
    grants,
    interventions,
    learning,
    deputies,
    endings,
    extensions,
    matches,
    memberships,
    messages,
    needs,
    offers,
    one_time_links,
    operations,
    pages,
    partnerships,
    own_sign_in,
    personal,
    phases,
    plans,
    programme,
    programmes,
    prospectus,
    pulse,
    readiness,
    recordings,
    returns,
    reviews,
    rounds,
    shortlists,
    showings,
    signing,
    suggested_needs,
    support_days,
    work,
)


def init_app(app: Flask) -> None:
    for area in AREAS:
        app.register_blueprint(area)
    app.context_processor(_context)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool


PUBLIC = (
    ("Offers", "offers.index"),
    ("Authorities", "authorities.index"),
    ("How it works", "pages.how_it_works"),
)
EVERYBODY = (
    ("Your work", "work.index"),
    ("Offers", "offers.index"),
    ("Authorities", "authorities.index"),
    ("What we are learning", "learning.index"),
)
AT_AUTHORITY = frozenset({*GIVING, *RECEIVING})
OVERSEEING = frozenset({Role.COORDINATOR, Role.DFE_LEAD, Role.PROGRAMME_MANAGER})
PEOPLE = "People"  # for those who stand in, only where it is this that they do
BY_ROLE: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Needs", "needs.index", frozenset(RECEIVING) | OVERSEEING),
    ("Suggested needs", "suggested_needs.index", frozenset({Role.ADVISER})),
    ("To sign", "signing.index", frozenset({Role.CHIEF_EXECUTIVE, Role.LEAD_MEMBER})),
    ("Conversations", "conversations.index", AT_AUTHORITY | {Role.COORDINATOR}),
    ("Matches", "matches.index", AT_AUTHORITY | OVERSEEING | {Role.PANEL}),
    ("Partnerships", "partnerships.index", AT_AUTHORITY | OVERSEEING | {Role.PRACTITIONER}),
    ("Feedback", "feedback.index", AT_AUTHORITY | OVERSEEING),
    ("How they go", "health.board", OVERSEEING),
    ("Dashboard", "dashboards.show", OVERSEEING),
    ("Capacity", "capacity.index", frozenset(GIVING) | {Role.PROGRAMME_MANAGER}),
    ("Capacity index", "capacity_index.show", frozenset({Role.COORDINATOR, Role.DIRECTOR})),
    ("Returns", "returns.index", frozenset(GIVING) | {Role.PROGRAMME_MANAGER}),
    ("Rounds", "rounds.index", frozenset({Role.COORDINATOR, Role.PROGRAMME_MANAGER})),
    ("Exceptions", "exceptions.index", OVERSEEING),
    (PEOPLE, "memberships.index", frozenset({Role.DIRECTOR, Role.ADMINISTRATOR})),
    ("Facts", "facts.index", frozenset({Role.ADMINISTRATOR})),
    ("Programmes", "programmes.index", frozenset({Role.ADMINISTRATOR})),
    ("How it runs", "operations.board", frozenset({Role.ADMINISTRATOR})),
    ("Programme", "programme.index", frozenset({Role.PROGRAMME_MANAGER})),
)


def navigation() -> list[Link]:
    """The links at the top, by the roles that the signed-in person holds."""
    if g.get("person") is None:
        chosen = list(PUBLIC)
    else:
        chosen = [*EVERYBODY, *_by_role(g.person)]
    return [Link(label, url_for(end), _is_here(end)) for label, end in chosen]


def _by_role(person: Person) -> Iterator[tuple[str, str]]:
    roles = {held.role for held in person.roles_now}
    with for_duty(Duty.PEOPLE.value):
        overseeing = {held.role for held in person.roles_now}
    for name, end, some in BY_ROLE:
        if some & (overseeing if name == PEOPLE else roles):
            yield name, end


def _is_here(endpoint: str) -> bool:
    """The page shown belongs to the area of this link; of written pages, it is the very page."""
    area, _, _ = endpoint.partition(".")
    here = request.endpoint or ""
    return here == endpoint if area == "pages" else here.startswith(f"{area}.")


def _context() -> dict[str, Any]:
    return {
        "navigation": navigation(),
        "notice": notice_shown(),
        "may_ask_of": partial(may_ask_of, g.get("person")),
        "person": g.get("person"),
        "demonstration": current_app.config["DEMONSTRATION"],
        "today": clock.today(),
    }
