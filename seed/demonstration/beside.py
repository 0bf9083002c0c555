"""What stands beside the needs: suggested needs, other help, what was agreed elsewhere."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.help import actions as helping
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.offer import Offer
from broker.models.person import Role
from broker.models.programme import Programme, Theme
from broker.recordings import actions as recordings
from broker.recordings.agreed import Agreed, Given
from broker.suggested_needs import actions as suggested_needs
from seed.demonstration.company import GIVER, Company
from seed.demonstration.walking import next_working_day
from seed.demonstration.words import WORDS

DAY = 4


def set_out(company: Company, receiver: Authority, offers: list[Offer], today: date) -> None:
    """All of it for the featured receiver, lately."""
    given = next(offer for offer in offers if offer.provider.name == GIVER)
    themes = [row.theme for row in given.current.themes]
    with clock.set_to(next_working_day(today - timedelta(days=12))):
        _suggest(company, receiver, themes[0])
        _other_help(company, receiver, themes)
        _agreed_elsewhere(company, receiver, given, themes[0])


def _suggest(company: Company, receiver: Authority, theme: Theme) -> None:
    """One by the Department's lead waits; one by the coordinator waits too."""
    words = WORDS[theme.code]
    for role in (Role.DFE_LEAD, Role.COORDINATOR):
        suggested_needs.suggest(
            receiver=receiver,
            theme=theme,
            title=words.need,
            strengths="Managers know their families and stay in their posts.",
            because="Figures and visits show that practice differs from team to team.",
            days=8 * DAY,
            by=company.people[role, receiver.region.name],
        )


def _other_help(company: Company, receiver: Authority, themes: list[Theme]) -> None:
    """Two helpers from outside the exchange, one of them on a theme that a partner works on."""
    lead, director = company.improvement_lead(receiver), company.director(receiver)
    since = clock.today() - timedelta(days=90)
    for helper, what, theme, days in (
        ("Improvement board adviser", "Chairs the board and reads its figures", themes[0], 3),
        ("Regional practice network", "Peer learning for managers", themes[-1], 2),
    ):
        said = helping.Said(helper, theme, since, what=what, each_quarter=days * DAY)
        helping.enter(receiver, said, by=lead)
    ahead = clock.this_quarter() + 1
    helping.plan_quarter(
        receiver, ahead, "Everybody uses the same thresholds, and says so.", by=lead
    )
    helping.share(receiver, by=director)


def _agreed_elsewhere(company: Company, receiver: Authority, given: Offer, theme: Theme) -> None:
    """One waits for the receiver to confirm it, one for the coordinator to note it."""
    lead = company.partnership_lead(given.provider)
    own = db.session.scalars(select(Programme).filter_by(code="own")).one()
    for number, title in enumerate(("A shared training day", "Two visits agreed by telephone")):
        agreed = Agreed(
            provider=given.provider,
            receiver=receiver,
            programme=own,
            theme=theme,
            title=title,
            starts_on=Quarter.of(clock.today()).first_day,
            aims="Children meet workers who know what good looks like.",
        )
        day = Given(clock.today() - timedelta(days=20), 6, "Worked beside two teams")
        made = recordings.begin(agreed, Side.PROVIDER, given=[day], by=lead)
        recordings.send(made, by=lead)
        if number:
            recordings.confirm(made, by=company.director(receiver))
