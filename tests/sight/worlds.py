"""Two worlds that differ in one thing: which authority a need belongs to.

Whatever a reader who may not know that authority is given must be the same in both, to the byte.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, g
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from broker import clock, mail, reminders
from broker.conversations import actions as talks
from broker.db import db
from broker.models.match import Conversation, Origin
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.person import Person, Role
from broker.models.work import Message
from broker.needs import actions as needs
from broker.system import the_system
from broker.taking import take
from tests import make, people
from tests.client import PageClient, read

MORNING = datetime.fromisoformat("2026-11-20T10:00:00+00:00")
RANDOM = (  # what differs from one opening of a page to the next
    re.compile(r'(name="(?:csrf_token|once)" value=)"[^"]*"'),
    re.compile(r"(nonce-)[\w-]+"),
    re.compile(r"(reason-)[0-9a-f]{8}"),
    re.compile(r'(class="app-qr">).*?</svg>'),  # the key of a second step, new each time
    re.compile(r'(class="app-code">)[A-Z2-7 ]+'),
)
Seen = tuple[object, ...]


def gather() -> None:
    """Add people at a second and a third authority that may ask, and their coordinator."""
    for name, place in (("sefton", "Sefton"), ("essex", "Essex")):
        if name == "sefton":
            people.add(name, Role.DIRECTOR, authority=people.authority(place))
        people.add(f"{name}_lead", Role.IMPROVEMENT_LEAD, authority=people.authority(place))
    for name in ("east", "east_deputy"):
        people.add(name, Role.COORDINATOR, region=people.region("East of England"))
    people.add("east_dfe", Role.DFE_LEAD, region=people.region("East of England"))
    people.add("onlooker", Role.DIRECTOR, authority=people.authority("Kent"))
    people.add("onlooking_dfe", Role.DFE_LEAD, region=people.region("London"))


DIRECTORS = {"Wirral": "receiver", "Sefton": "sefton", "Essex": "other"}
LEADS = {"Wirral": "receiver_lead", "Sefton": "sefton_lead", "Essex": "essex_lead"}
COORDINATORS = {"Wirral": "coordinator", "Sefton": "coordinator", "Essex": "east"}


@dataclass
class World:
    """One of the two: the authority that wants help, and whether it lets its region be told."""

    place: str
    is_region_released: bool
    needs: dict[str, Need] = field(default_factory=dict)

    @property
    def director(self) -> Person:
        return people.person(DIRECTORS[self.place])

    @property
    def coordinator(self) -> Person:
        return people.person(COORDINATORS[self.place])

    def describe(self, title: str) -> Need:
        made = needs.describe(
            receiver=people.authority(self.place),
            programme=people.programme(),
            terms=make.need_terms(title=title),
            by=people.person(LEADS[self.place]),
        )
        made.releases_region = self.is_region_released
        self.needs[title] = made
        return made

    def submitted(self, title: str) -> Need:
        made = self.describe(title)
        needs.submit(made, by=self.director)
        return made

    def opened(self, title: str) -> Need:
        made = self.submitted(title)
        needs.open_need(made, by=self.coordinator)
        return made

    def asked(self, title: str, offer: Offer) -> Conversation:
        made = self.opened(title)
        put = talks.suggest(made, offer, origin=Origin.ASK, by=self.director)
        return talks.ask(put, message="May we talk?", by=self.director)

    def early(self) -> None:
        """Needs that only their own authority and, but for the first, its coordinator may see."""
        giver = make.offer()
        self.describe("A private worry")
        take(self.describe("A confided worry"), "share", by=self.director)
        back = self.describe("A worry taken back")
        take(back, "share", by=self.director)
        needs.withdraw(back, by=self.director)
        submitted = self.submitted("A submitted need")
        talks.suggest(submitted, giver, origin=Origin.ASK, by=self.director)
        needs.send_back(self.submitted("Sent back"), reason="Say more.", by=self.coordinator)

    def asking(self) -> None:
        """Conversations that a provider has not accepted, in every state it can be left in."""
        make.capacity()
        offers = [make.offer(title=f"Help {n}") for n in range(1, 6)]
        second = make.offer(title="Second help", giver="second_giver")
        giver = people.person("giver")
        self.asked("A need asked about", offers[0])
        talks.decline(self.asked("A need declined", offers[1]), reason="We are full.", by=giver)
        withdrawn = self.asked("A need withdrawn", offers[2])
        needs.withdraw(withdrawn.need, by=self.director, reason="Our own affair")
        self.asked("A need asked about elsewhere", second)
        put = talks.suggest(
            self.opened("Suggested only"), offers[3], origin=Origin.ASK, by=self.director
        )
        take(put, "pass_over", by=self.director, reason="They know us too well.")
        accepted = self.asked("A need that two were asked about", second)
        rival = talks.suggest(accepted.need, offers[4], origin=Origin.ASK, by=self.director)
        talks.ask(rival, message="And you?", by=self.director)
        talks.accept(accepted, by=people.person("second_giver"))

    def waits(self) -> None:
        """The clock reminds of what waits, and what waits too long lapses."""
        for ahead in (9, 21, 44):
            reminders.remind(clock.add_working_days(MORNING.date(), ahead))
        reminders.lapse(clock.add_working_days(MORNING.date(), 46), by=the_system())


class Reader:
    """Opens everything there is as one person, and keeps what came back."""

    def __init__(self, app: Flask, name: str | None) -> None:
        self.app = app
        self.client = PageClient(app)
        self.name = name
        if name:
            self.client.sign_in(name)

    def opens(self, addresses: list[str]) -> dict[str, Seen]:
        return {address: self._open(address) for address in addresses}

    def _open(self, address: str) -> Seen:
        with self.client.counting() as statements:
            answer = look(self.client, address)
        text = read(answer)
        for pattern in RANDOM:
            text = pattern.sub(r"\1*", text)
        heads = [
            (name, RANDOM[1].sub(r"\1*", value))
            for name, value in answer.headers
            if name not in ANEW
        ]
        return answer.status_code, tuple(heads), text, len(statements)

    def letters(self) -> dict[str, Seen]:
        """Every message to this person as it would leave by e-mail, and its place on the site."""
        if self.name is None:
            return {}
        wanted = select(Message).filter_by(to_id=people.person(self.name).id).order_by(Message.id)
        return {
            f"letter {number}": (
                m.id,
                m.key,
                m.kind,
                m.path,
                m.is_urgent,
                mail.as_email(m).as_string(),
            )
            for number, m in enumerate(db.session.scalars(wanted))
        }


def look(client: PageClient, address: str) -> TestResponse:
    """Whatever comes back, of whatever kind."""
    db.session.rollback()
    for name in list(g):  # the open context lends its `g` to every request in it
        g.pop(name)
    return client.browser.get(address)


MANY = ("/needs", "/conversations", "/asks", "/to-sign", "/me/messages")
# The demonstration's own page of all messages, which stands nowhere else; and the counts of a
# process, which follow what was asked before and not what is kept.
NOBODYS = {"/demo/messages", "/metrics"}
# What an answer says of its own moment and the process that gave it.
ANEW = ("Set-Cookie", "Content-Length", "Date", "X-Request-ID")
LISTS = re.compile(
    r"/(your-work|needs|conversations|matches|partnerships|returns|programme|rounds|capacity|me)"
    r"(\.csv|/<int:id>|/messages|/messages/<int:id>)?$"
)


def addresses(app: Flask, upto: int, *, only_lists: bool = False) -> list[str]:
    """Every address that can be opened, with the first numbers and a few codes in it; or only the
    lists that people have of their own, and what stands in them."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    wanted = [rule for rule in rules if not only_lists or LISTS.match(rule.rule)]
    return sorted({one for rule in wanted for one in _filled(rule, upto)} - NOBODYS)


def _filled(rule: Rule, upto: int) -> Iterator[str]:
    codes = {"code": ["E08000015"], "filename": [], "token": ["guessed"]}
    is_page = rule.rule.endswith((":id>", ".ics"))  # deeper ones open only where their page does
    numbers = range(1, (upto if rule.rule.startswith(MANY) and is_page else 1) + 1)
    names = sorted(rule.arguments)
    for values in itertools.product(*(codes.get(name, numbers) for name in names)):
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        yield address.format(**dict(zip(names, values, strict=True)))
