"""Every address that leads to a record, from the route map, opened and pressed by people of another
authority, region or programme: each is refused, nothing of the record is said, nothing is written.

Rights only grow with roles. So whoever holds every role elsewhere at once is tried on a record in
each state, and each role alone reads one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from flask import Flask, g
from sqlalchemy import select
from werkzeug.routing import Rule

from broker import clock
from broker.db import Base, db, transaction
from broker.models.authority import Authority
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme
from broker.workflow import BY_NAME
from tests import people, stage
from tests.client import PageClient

# Which table an address's first id is of, by how the address begins (the longest that fits).
HOLDS = {
    "/agreed-elsewhere/": "recording",
    "/agreements/": "working_agreement",
    "/asks/": "need",
    "/authorities/": "authority",
    "/capacity/": "capacity",
    "/capacity/entries/": "ledger_entry",
    "/conversations/": "conversation",
    "/days/": "support_day",
    "/days/imports/": "day_import",
    "/exceptions/": "eligibility_exception",
    "/extensions/": "extension",
    "/extras/": "extra",
    "/facts/imports/": "fact_import",
    "/facts/succession/": "authority",
    "/grants/": "grant",
    "/help/": "authority",
    "/interventions/": "intervention",
    "/matches/": "match",
    "/me/deputies/": "membership",
    "/me/messages/": "message",
    "/me/sign-in/council-accounts/": "council_account",
    "/me/sign-in/sessions/": "session",
    "/messages/sending/": "message",
    "/needs/": "need",
    "/people/invitations/": "invitation",
    "/people/roles/": "membership",
    "/offers/": "offer",
    "/partnerships/": "partnership",
    "/personal-data/": "person",
    "/plans/": "plan",
    "/programme/": "programme",
    "/programme/freezes/": "freeze",
    "/programme/tokens/": "api_token",
    "/programmes/": "programme",
    "/pulses/": "pulse",
    "/returns/": "return",
    "/returns/sections/": "return_section",
    "/reviews/": "review",
    "/rounds/": "round",
    "/running/jobs/": "job",
    "/running/notices/": "notice",
    "/searches/": "saved_search",
    "/suggested-needs/": "suggested_need",
    "/suggestions/": "suggestion",
    "/to-read/": "showing",
    "/to-sign/": "need",
}
# For everybody: the prospectus and published figures, and links that are a secret themselves.
# Programs: a token says who asks, and tests/api tries another programme's.
OPEN = {
    "account.enter_demo", "authorities.download", "authorities.indicator", "authorities.indicators",
    "authorities.show", "conversations.ask_about", "messages.leave", "offers.show",
    "offers.versions", "prospectus.can_use", "prospectus.provider", "pulse.answer",
    "signing.page", "signing.sign_by_link", "static", "api.offer",
    "api.day", "api.partnership", "api.return", "dashboards.download",
    "support_days.download", "conversations.ask_for_need", "dashboards.picture",
    "personal.download_mine", "one_time_links.open",
    "council_accounts.begin", "council_accounts.begin_to_join", "council_accounts.back",
    "council_accounts.connect", "council_accounts.prove",
}  # fmt: skip
VALUES: dict[str, Any] = {
    "name": "strengths", "page": "about", "post": "lead", "part": "objective", "key": 1, "inner": 1,
    "number": 1, "signer": "director", "ending": "csv", "theme": 1,
}  # fmt: skip
SAID = {"A private worry", "A shared worry", "Half a day by our diary", "A post is empty", "Wirral"}


def test_nobody_of_elsewhere_opens_or_changes_a_record(app: Flask) -> None:
    stage.set_up()
    with transaction():
        everything, alone = _strangers()
    watched = _Watched(app)
    wrong = []
    for person, is_each in [(everything, True), *((one, False) for one in alone)]:
        client = PageClient(app).sign_in(person)
        token = client.token()
        for method, address in _addresses(app, is_each):
            got = _answer(app, client, method, address, token)
            if said := watched.says(got):
                wrong.append(f"{person.name}: {method} {address}: {said}")
    assert not wrong, "\n".join(wrong)
    assert watched.count > 2_000, watched.count


def test_every_table_of_the_addresses_is_there(app: Flask) -> None:
    rules = [rule for rule in _rules(app) if _table(rule) is None]
    assert not rules, "say in HOLDS which table their first id is of"
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= OPEN
    begins = {rule.rule for rule in app.url_map.iter_rules()}
    assert all(any(rule.startswith(begin) for rule in begins) for begin in HOLDS)


class _Watched:
    """Says what is wrong with an answer to a stranger, and whether anything was kept meanwhile."""

    def __init__(self, app: Flask) -> None:
        place = db.engine.url.database
        assert place is not None
        self.file = sqlite3.connect(place)
        self.version = self._version()
        self.count = 0

    def _version(self) -> int:
        """Changes whenever another connection commits something."""
        return int(self.file.execute("PRAGMA data_version").fetchone()[0])

    def says(self, answer: Any) -> str:
        self.count += 1
        version, self.version = self.version, self._version()
        if version != self.version:
            return "something was written"
        if answer.status_code not in (403, 404):
            return f"answered {answer.status_code}"
        told = [words for words in SAID if words in answer.text]
        return f"said {told}" if told else ""


def _answer(app: Flask, client: PageClient, method: str, address: str, token: str) -> Any:
    for name in list(g):
        g.pop(name)
    data = {"csrf_token": token, "reason": "Because"} if method == "POST" else None
    answer = client.browser.open(address, method=method, data=data)
    db.session.rollback()
    return answer


def _strangers() -> tuple[Person, list[Person]]:
    """Whoever holds every role elsewhere, and somebody for each of those roles."""
    essex = people.authority(people.OTHER)
    mine = Programme(code="else", name="Elsewhere", funder="A region", opens_on=START)
    db.session.add(mine)
    db.session.flush()
    posts: list[dict[str, Any]] = [
        *({"role": role, "authority": essex} for role in AT_AUTHORITY),
        *({"role": role, "region": essex.region} for role in (Role.COORDINATOR, Role.DFE_LEAD)),
        {"role": Role.PROGRAMME_MANAGER, "programme": mine},
        {"role": Role.ADVISER},
    ]
    everything = _somebody("everything", *posts)
    return everything, [_somebody(post["role"].value, post) for post in posts]


START = date(2020, 4, 1)
AT_AUTHORITY = (
    Role.DIRECTOR, Role.IMPROVEMENT_LEAD, Role.PARTNERSHIP_LEAD, Role.PRACTITIONER,
    Role.CHIEF_EXECUTIVE, Role.LEAD_MEMBER,
)  # fmt: skip


def _somebody(name: str, *posts: dict[str, Any]) -> Person:
    someone = Person(email=f"{name}@elsewhere.invalid", name=f"Elsewhere: {name}")
    someone.memberships = [Membership(starts_on=START, **post) for post in posts]
    db.session.add(someone)
    db.session.flush()
    people.begin_session(someone)
    return someone


# -- addresses --------------------------------------------------------------------------------


def _rules(app: Flask) -> list[Rule]:
    return [
        rule for rule in app.url_map.iter_rules() if rule.arguments and rule.endpoint not in OPEN
    ]


def _table(rule: Rule) -> str | None:
    """The table of a rule's first id."""
    fixed = rule.rule.partition("<")[0]
    fits = [begin for begin in HOLDS if fixed.startswith(begin)]
    return HOLDS[max(fits, key=len)] if fits else None


def _addresses(app: Flask, is_each: bool) -> Iterator[tuple[str, str]]:
    """(method, address) of every rule on a record in each state, or on one record."""
    held = {table: _one_in_each_state(table) for table in set(HOLDS.values())}
    adapter = app.url_map.bind("localhost")
    for rule in _rules(app):
        table = _table(rule) or ""
        first = rule.rule.partition("<")[2].partition(">")[0].rpartition(":")[2]
        records = held[table] if is_each else held[table][:1]
        verbs = _verbs(table) if "verb" in rule.arguments else [""]
        methods = (rule.methods or set()) & ({"GET", "POST"} if is_each else {"GET"})
        for record, verb, method in product(records, verbs, sorted(methods)):
            given = {name: _value(name) for name in rule.arguments} | {first: record}
            if verb:
                given["verb"] = verb
            if first in ("authority", "code"):
                given[first] = people.authority(people.GIVER).code
            yield method, adapter.build(rule.endpoint, given, method=method)


def _value(name: str) -> Any:
    if name in ("quarter", "ordinal"):
        return clock.this_quarter().ordinal
    return VALUES.get(name, 1)


def _verbs(table: str) -> list[str]:
    noun = getattr(_model(table), "noun", "")
    noun = {"eligibility_exception": "exception", "authority": "live_help"}.get(table, noun)
    return [verb for of, verb in BY_NAME if of == noun] or ["nothing"]


def _model(table: str) -> Any:
    return next(m.class_ for m in Base.registry.mappers if m.class_.__tablename__ == table)


def _one_in_each_state(table: str) -> list[Any]:
    """The ids of a table's records of others, one in each state."""
    model = _model(table)
    if model is Authority:
        both = {people.GIVER, people.RECEIVER}
        return [a.id for a in db.session.scalars(select(Authority)) if a.name in both]
    if model is Programme:
        return [people.programme(code).id for code in ("own", "pip", "slip")]
    state = getattr(model, "state", None)
    found_first = select(model.id, *([] if state is None else [state])).order_by(model.id)
    rows = db.session.execute(found_first).all()
    found: dict[Any, Any] = {}
    for row in rows:
        found.setdefault(row[1:], row[0])
    return list(found.values()) or [1]
