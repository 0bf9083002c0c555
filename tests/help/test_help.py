"""Everybody who helps one authority: one page, overlaps flagged, read by others by agreement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.clock import this_quarter
from broker.db import db, transaction
from broker.errors import NotAllowed, NotRight
from broker.help import actions, queries
from broker.models.authority import Authority
from broker.models.help import LiveHelp, LiveHelpState
from broker.models.need import Need
from tests import make, people
from tests.client import PageClient
from tests.make import DAY


def wirral() -> Authority:
    return people.authority(people.RECEIVER)


def page() -> str:
    return f"/help/{wirral().id}"


def parts(name: str, day: date) -> dict[str, str]:
    """A date as its form sends it."""
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def readers() -> set[str]:
    found = {}
    for name in people.NAMES:
        mine = queries.authorities_read_by(people.person(name)).where(Authority.id == wirral().id)
        found[name] = db.session.scalar(mine) is not None
    return {name for name, reads in found.items() if reads}


INSIDE = {"receiver", "receiver_lead", "coordinator", "deputy"}


def test_only_the_authority_and_its_coordinator_read_it_until_the_authority_agrees(
    client: PageClient,
) -> None:
    with transaction():
        make.partnership()
    assert readers() == INSIDE
    client.sign_in("receiver").get(page())
    client.press("Let those who help read this page")
    assert readers() == INSIDE | {"giver", "giver_lead", "dfe", "manager"}
    client.press("Keep this page to ourselves")
    assert readers() == INSIDE
    with pytest.raises(NotAllowed):
        actions.share(wirral(), by=people.person("receiver_lead"))


def test_partnerships_agreed_matches_and_help_from_elsewhere_stand_together_with_their_days(
    app: Flask,
) -> None:
    make.capacity({make.next_quarter() + n: 40 * DAY for n in range(4)})
    make.partnership(make.agreed(make.match()))
    make.agreed(make.match(make.need(title="Second"), make.offer(title="Second")))
    make.live_help()
    everyone = queries.everyone_helping(wirral())
    assert [(h.kind, h.name) for h in everyone.helpers] == [
        ("partnership", "Leeds"),
        ("match", "Leeds"),
        ("elsewhere", "Improvement board adviser"),
    ]
    assert everyone.total_in(this_quarter()) == 3 * DAY
    assert everyone.total_in(make.next_quarter()) == (8 + 8 + 3) * DAY
    [overlap] = everyone.overlaps
    assert overlap.theme == make.theme()
    assert overlap.helpers == ("Leeds", "Improvement board adviser")
    assert not everyone.is_crowded and everyone.live == 2
    assert everyone.coming_in(make.next_quarter())["Leeds"] == 16 * DAY


def test_a_fourth_helper_is_warned_of_on_every_need_and_in_the_queue(client: PageClient) -> None:
    with transaction():
        make.capacity()
        make.agreed()
        for number in range(4):
            make.live_help(f"Helper {number}")
        need = db.session.scalars(select(Need)).unique().one().id
    for name in ("receiver", "coordinator"):
        text = client.sign_in(name).get(f"/needs/{need}")
        assert "4 helpers work with Wirral already" in text
        assert "Helper 3 works on" in text
    assert "4 partners" in client.get("/matches/approvals")
    assert "Helper 2 works on" in client.text
    assert "4 helpers at once" in client.get(page())
    assert "Helper 3" not in client.sign_in("dfe").get(f"/needs/{need}")


def test_help_from_elsewhere_is_entered_changed_and_ended_once_for_all_needs(
    client: PageClient,
) -> None:
    client.sign_in("receiver_lead").get(f"{page()}/new")
    client.send(
        helper="<i>Adviser</i> ŵ",
        theme=str(make.theme().id),
        what="Chairs the board",
        **parts("starts_on", clock.today()),
        each_quarter="2.5",
    )
    assert "<i>Adviser" not in client.follow()
    live = db.session.scalars(select(LiveHelp)).unique().one()
    assert live.each_quarter == 10 and live.days_in(this_quarter()) == 10
    client.get(f"{page()}/elsewhere/{live.id}")
    assert "comes before the first" in client.send(
        expect=422, **parts("ends_on", clock.today() - timedelta(days=3))
    )
    client.get(f"{page()}/elsewhere/{live.id}")
    client.press("It has ended")
    ended = db.session.scalars(select(LiveHelp)).unique().one()
    assert ended.state is LiveHelpState.ENDED and ended.ends_on == clock.today()
    assert queries.everyone_helping(wirral()).helpers == []
    client.get(f"{page()}/elsewhere/{live.id}", expect=409)


def test_help_of_another_authority_is_not_found_through_this_one(client: PageClient) -> None:
    with transaction():
        live = make.live_help().id
    other = people.authority(people.OTHER).id
    client.sign_in("other").get(f"/help/{other}/elsewhere/{live}", expect=404)


def test_the_joint_plan_says_what_each_quarter_is_for(client: PageClient) -> None:
    ahead = make.next_quarter()
    client.sign_in("receiver").get(f"{page()}/plan/{ahead.ordinal}")
    client.send(aim="Thresholds everybody shares")
    assert "Thresholds everybody shares" in client.follow()
    client.get(f"{page()}/plan/{ahead.ordinal}")
    client.send(aim="")
    assert "Thresholds everybody shares" not in client.follow()
    client.get(f"{page()}/plan/{(ahead + 9).ordinal}", expect=404)


def test_words_that_are_too_long_are_refused(app: Flask) -> None:
    said = actions.Said("x" * 121, make.theme(), clock.today())
    with pytest.raises(NotRight):
        actions.enter(wirral(), said, by=people.person("receiver"))
    with pytest.raises(NotRight):
        actions.plan_quarter(wirral(), this_quarter(), "x" * 1001, by=people.person("receiver"))


def test_the_page_asks_no_more_questions_for_more_helpers(client: PageClient) -> None:
    asked = []
    for _ in range(2):
        with transaction():
            for number in range(3):
                make.live_help(f"Helper {number}")
        client.sign_in("receiver")
        with client.counting() as statements:
            client.get(page())
        asked.append(len(statements))
    assert asked[0] == asked[1]
