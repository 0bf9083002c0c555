"""From a private worry to a partnership: what each account sees at each step, one table.

`s` sees it by name, `r` sees it without learning whose it is, `.` does not exist for them. What is
seen stands in their list; what is not does not.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from broker import clock
from broker.clock import Quarter
from broker.conversations import actions as talks
from broker.db import db, transaction
from broker.matches import actions as matches
from broker.matches.terms import Terms
from broker.models.match import Answer, Conversation, Match, MatchState, Origin, Side, Vote
from broker.models.need import Need
from broker.models.offer import Offer
from broker.models.readiness import Readiness
from broker.models.signing import Signer
from broker.needs import actions as needs
from broker.readiness import actions as readiness
from broker.signing import actions as signing
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY
from tests.sight.worlds import look

READERS = (
    *("receiver", "receiver_lead", "giver", "giver_lead", "practitioner", "second_giver"),
    *("coordinator", "deputy", "far_coordinator", "dfe", "panel_1", "manager"),
    *("adviser", "administrator", "other"),
)
#   step         page            its own  Leeds  Herts  coordinators  DfE panel manager others
TABLE = """
    private      needs           ss       ...    .      ...           .   .     .       ...
    confided     needs           ss       ...    .      ss.           .   .     .       ...
    submitted    needs           ss       ...    .      ss.           .   .     .       ...
    checked      needs           ss       ...    .      ss.           .   .     .       ...
    opened       needs           ss       ...    .      ss.           s   .     s       ...
    suggested    needs           ss       ...    .      ss.           s   .     s       ...
    asked        needs           ss       ...    .      ss.           s   .     s       ...
    asked        conversations/1 ss       ...    r      ss.           .   .     .       ...
    asked        conversations/2 ss       rr.    .      ss.           .   .     .       ...
    answered     conversations/1 ss       ...    r      ss.           .   .     .       ...
    answered     conversations/2 ss       ss.    .      ss.           .   .     .       ...
    answered     matches         ss       ss.    .      ss.           s   .     s       ...
    countered    matches         ss       ss.    .      ss.           s   .     s       ...
    agreed       conversations/1 ss       ...    r      ss.           .   .     .       ...
    agreed       matches         ss       ss.    .      ss.           s   .     s       ...
    with_panel   matches         ss       ss.    .      ss.           s   s     s       ...
    decided      needs           ss       ...    .      ss.           s   .     s       ...
    decided      conversations/1 ss       ...    r      ss.           .   .     .       ...
    decided      conversations/2 ss       ss.    .      ss.           .   .     .       ...
    decided      matches         ss       ss.    .      ss.           s   s     s       ...
    decided      partnerships    ss       sss    .      ss.           s   .     s       ...
"""


class Walk:
    """A large need of Wirral's, from the first word to the partnership, step by step."""

    def __init__(self) -> None:
        self.lead, self.director = people.person("receiver_lead"), people.person("receiver")
        self.coordinator = people.person("coordinator")
        self.need: Need
        self.offers: list[Offer]

    @property
    def _match(self) -> Match:
        return db.session.get_one(Match, 1)

    def private(self) -> None:
        make.capacity({make.next_quarter() + n: 60 * DAY for n in range(4)})
        self.offers = [make.offer(giver="second_giver"), make.offer()]
        self.need = make.need(until="private", title="A quiet worry", days=24 * DAY)

    def confided(self) -> None:
        take(self.need, "share", by=self.lead)

    def submitted(self) -> None:
        """Three sign-offs, the lead member's by a link that works once."""
        token = signing.make_link(self.need, Signer.LEAD_MEMBER, by=self.lead)
        needs.submit(self.need, by=self.director)
        chief = signing.signatory(self.need.receiver, Signer.CHIEF_EXECUTIVE)
        signing.sign(self.need, Signer.CHIEF_EXECUTIVE, by=chief)
        assert signing.sign_by_link(token) is self.need
        assert signing.sign_by_link(token) is None

    def checked(self) -> None:
        make.checked(self.need, Readiness.CONDITIONAL)
        readiness.see(self.need, comment="We name the lead in January.", by=self.lead)

    def opened(self) -> None:
        needs.open_need(self.need, by=self.coordinator)

    def suggested(self) -> None:
        for offer in self.offers:
            talks.suggest(self.need, offer, origin=Origin.ASK, by=self.director)

    def asked(self) -> None:
        for offer in self.offers:
            put = talks.suggest(self.need, offer, origin=Origin.ASK, by=self.director)
            talks.ask(put, message="Could we talk about decisions?", by=self.director)

    def answered(self) -> None:
        no, yes = (db.session.get_one(Conversation, number) for number in (1, 2))
        talks.decline(no, reason="We are full.", by=people.person("second_giver"))
        talks.accept(yes, by=people.person("giver"))
        for side, name in ((Side.RECEIVER, "receiver"), (Side.PROVIDER, "giver")):
            by = people.person(name)
            talks.record_outcome(yes, side=side, answer=Answer.YES, note=f"By {side}", by=by)

    def countered(self) -> None:
        fewer: dict[Quarter, int] = {clock.this_quarter() + 1: 22 * DAY}
        matches.counter_offer(
            self._match, Terms(days=fewer, aims="Sooner."), by=people.person("giver")
        )

    def agreed(self) -> None:
        for name in ("receiver", "giver"):
            matches.agree(self._match, by=people.person(name))

    def with_panel(self) -> None:
        matches.send_to_panel(self._match, by=self.coordinator)

    def decided(self) -> None:
        said = ((1, Vote.RECUSED), (2, Vote.FOR), (3, Vote.FOR), (4, Vote.AGAINST), (5, Vote.FOR))
        for number, vote in said:
            if self._match.state is MatchState.WITH_PANEL:
                by = people.person(f"panel_{number}")
                matches.vote(self._match, vote=vote, reason="By its papers.", by=by)


STEPS: tuple[Callable[[Walk], None], ...] = (
    *(Walk.private, Walk.confided, Walk.submitted, Walk.checked, Walk.opened, Walk.suggested),
    *(Walk.asked, Walk.answered, Walk.countered, Walk.agreed, Walk.with_panel, Walk.decided),
)


def _expected(step: str) -> dict[str, str]:
    """Page to one letter for each reader, at a step."""
    lines = (line.split(maxsplit=2) for line in TABLE.strip().splitlines())
    return {page: letters.replace(" ", "") for at, page, letters in lines if at == step}


def _page(page: str) -> tuple[str, str]:
    """The list and the page of what a line of the table speaks of."""
    listed, _, number = page.partition("/")
    return f"/{listed}", f"/{listed}/{number or 1}"


def _letter(client: PageClient, page: str) -> str:
    listed, shown = _page(page)
    answer = look(client, shown)
    text = answer.get_data(as_text=True)
    letter = "." if answer.status_code == 404 else "s" if "Wirral" in text else "r"
    stands = f'href="{shown}"' in look(client, listed).get_data(as_text=True)
    return letter if stands is (letter != ".") else f"{letter}, but the list says otherwise"


def test_each_account_sees_at_each_step_what_the_table_says(app: Flask) -> None:
    walk, clients = Walk(), {name: PageClient(app) for name in READERS}
    for step in STEPS:
        with transaction():
            step(walk)
        for page, letters in _expected(step.__name__).items():
            assert len(letters) == len(READERS)
            for name, letter in zip(READERS, letters, strict=True):
                got = _letter(clients[name].sign_in(name), page)
                assert got == letter, f"{step.__name__}: {name} at {page}: {got}, not {letter}"
    assert db.session.get_one(Match, 1).state is MatchState.APPROVED
