"""The demonstration's accounts: roles, not people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.deputies import actions as deputies
from broker.duties import Duty
from broker.memberships import inviting
from broker.memberships.inviting import Post
from broker.models.authority import Authority, Region
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme

SINCE = date(2025, 4, 1)
FEATURED = "featured.demonstration.invalid"
OTHERS = "others.demonstration.invalid"

GIVER, RECEIVER = "Leeds", "Wirral"
REGIONS = ("North West", "Yorkshire and The Humber")


@dataclass
class Company:
    """Who does what in the demonstration, looked up by role and place."""

    people: dict[tuple[Role, str], Person] = field(default_factory=dict)

    def director(self, authority: Authority) -> Person:
        return self._at(Role.DIRECTOR, authority)

    def partnership_lead(self, authority: Authority) -> Person:
        return self._at(Role.PARTNERSHIP_LEAD, authority)

    def improvement_lead(self, authority: Authority) -> Person:
        return self._at(Role.IMPROVEMENT_LEAD, authority)

    def coordinator(self, authority: Authority) -> Person:
        return self.people[Role.COORDINATOR, authority.region.name]

    def manager(self) -> Person:
        return self.people[Role.PROGRAMME_MANAGER, "England"]

    def administrator(self) -> Person:
        return self.people[Role.ADMINISTRATOR, "England"]

    def panel(self) -> list[Person]:
        return [self.people[Role.PANEL, str(n)] for n in range(1, 6)]

    def _at(self, role: Role, authority: Authority) -> Person:
        key = role, authority.name
        if key not in self.people:
            self.people[key] = hire(role, authority=authority, featured=False)
        return self.people[key]


def hire(
    role: Role,
    *,
    authority: Authority | None = None,
    region: Region | None = None,
    name: str = "",
    featured: bool = True,
    deputy_for: Person | None = None,
) -> Person:
    """A new account with one role, named like it: 'Director, Leeds'."""
    place = authority or region
    title = name or (f"{role.words}, {place.name}" if place else role.words)
    local = "".join(c if c.isalnum() else "-" for c in title.lower())
    person = Person(email=f"{local}@{FEATURED if featured else OTHERS}", name=title)
    held = Membership(role=role, authority=authority, region=region, starts_on=SINCE)
    held.deputy_for_id = deputy_for.id if deputy_for else None
    person.memberships.append(held)
    db.session.add(person)
    db.session.flush()
    return person


def assemble() -> Company:
    """The featured accounts, and a coordinator for every region; others come as needed."""
    company = Company()
    places = {a.name: a for a in db.session.scalars(select(Authority))}
    for role, name in (
        (Role.DIRECTOR, RECEIVER),
        (Role.IMPROVEMENT_LEAD, RECEIVER),
        (Role.CHIEF_EXECUTIVE, RECEIVER),
        (Role.LEAD_MEMBER, RECEIVER),
        (Role.DIRECTOR, GIVER),
        (Role.PARTNERSHIP_LEAD, GIVER),
        (Role.PRACTITIONER, GIVER),
    ):
        company.people[role, name] = hire(role, authority=places[name])
    for region in db.session.scalars(select(Region).order_by(Region.name)):
        featured = region.name in REGIONS
        person = hire(Role.COORDINATOR, region=region, featured=featured)
        company.people[Role.COORDINATOR, region.name] = person
        hire(
            Role.COORDINATOR,
            region=region,
            name=f"Deputy coordinator, {region.name}",
            featured=region.name == REGIONS[0],
            deputy_for=person,
        )
        lead = hire(Role.DFE_LEAD, region=region, featured=region.name == REGIONS[0])
        company.people[Role.DFE_LEAD, region.name] = lead
    for number in range(1, 6):
        company.people[Role.PANEL, str(number)] = hire(Role.PANEL, name=f"Panel member {number}")
    company.people[Role.PROGRAMME_MANAGER, "England"] = _manager()
    hire(Role.ADVISER, name="Adviser")
    company.people[Role.ADMINISTRATOR, "England"] = hire(Role.ADMINISTRATOR, name="Administrator")
    return company


def _manager() -> Person:
    person = Person(email=f"programme-manager@{FEATURED}", name="Programme manager")
    for programme in db.session.scalars(select(Programme).order_by(Programme.id)):
        person.memberships.append(
            Membership(role=Role.PROGRAMME_MANAGER, programme=programme, starts_on=SINCE)
        )
    db.session.add(person)
    db.session.flush()
    return person


def invite_somebody(company: Company, today: date) -> None:
    """The featured provider's director has invited one more practitioner, who has not answered."""
    director = company.people[Role.DIRECTOR, GIVER]
    post = Post(Role.PRACTITIONER, director.memberships[0].authority)
    title = f"Practitioner to be, {GIVER}"
    with clock.set_to(today):
        inviting.invite(post, name=title, email=f"practitioner-to-be@{OTHERS}", by=director)


def name_deputies(company: Company, today: date) -> None:
    """The featured provider's director is away: once lately, and again now for returns alone."""
    director, lead = (
        company.people[role, GIVER] for role in (Role.DIRECTOR, Role.PARTNERSHIP_LEAD)
    )
    for begins, ends, duties in (
        (today - timedelta(days=40), today - timedelta(days=31), [Duty.OFFERS, Duty.TALKS]),
        (today, today + timedelta(days=14), [Duty.RETURNS]),
    ):
        with clock.set_to(begins):
            deputies.name(
                director.memberships[0],
                deputy=lead,
                duties=duties,
                starts_on=begins,
                ends_on=ends,
                by=director,
            )
