"""A split, a merger, a new code: every day and right goes on, and the story is kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from broker import clock, events, ledger, ledger_check
from broker.api import records
from broker.clock import Quarter
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.facts.succeeding import Following, divide, recode, succeed
from broker.fresh_eyes import belonged_lately
from broker.models.authority import Authority, Grade
from broker.models.ledger import Capacity
from broker.models.need import Need, NeedState, Wish
from broker.models.offer import Offer, OfferState
from broker.models.partnership import Partnership, SupportDayState
from broker.models.person import Membership, Role
from broker.models.return_ import Return, ReturnState
from broker.needs import actions as needs
from broker.offers import actions as offers
from broker.offers import joint
from broker.packs.content import pack_now
from broker.programme.queries import quarter_of
from broker.prospectus import faces
from broker.returns import actions as returns
from broker.returns.freezing import preview
from broker.system import the_system
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

NEW = "Essex"
TODAY = date(2026, 11, 20)


def follow(old: str, *new: str, share: int = 100, chosen: dict | None = None, **more) -> None:
    names = [people.authority(name) for name in new]
    shares = dict(zip(names, [share, 100 - share], strict=False))
    places = {key: people.authority(name) for key, name in (chosen or {}).items()}
    terms = {"on": TODAY, "reason": "The Order of 2026", "chosen": places, **more}
    follows = Following(old=people.authority(old), shares=shares, **terms)
    succeed(follows, by=people.person("administrator"))


def days_of(*names: str) -> dict[str, dict[Quarter, ledger.Balance]]:
    """The balances of some providers in Own days, by name."""
    found = {}
    for name in names:
        of = select(Capacity).filter_by(
            provider_id=people.authority(name).id, programme_id=people.programme().id
        )
        capacity = db.session.scalars(of).one_or_none()
        found[name] = ledger.balances([capacity.id])[capacity.id] if capacity else {}
    return found


def total(balances: dict[str, dict[Quarter, ledger.Balance]]) -> dict[Quarter, list[int]]:
    sums: dict[Quarter, list[int]] = {}
    for quarters in balances.values():
        for quarter, b in quarters.items():
            figures = [b.offered, b.reserved, b.committed, b.delivered, b.free]
            held = sums.setdefault(quarter, [0] * 5)
            sums[quarter] = [a + c for a, c in zip(held, figures, strict=True)]
    return {quarter: held for quarter, held in sums.items() if any(held)}


def holds() -> None:
    assert list(ledger_check.problems()) == []
    assert list(events.verify()) == []
    assert faces.problems() == []


@pytest.mark.postgres
def test_a_merger_of_two_with_live_partnerships_keeps_every_day_and_right(app: Flask) -> None:
    """Leeds and Hertfordshire, who both give, become Essex; Wirral receives from both."""
    with transaction():
        make.capacity()
        make.capacity(giver="second_giver")
        make.judged(NEW, Grade.GOOD, date(2026, 11, 1))
        first = make.partnership(make.agreed(make.match(make.need(), make.offer())))
        logged = make.day(first, quarter_days=DAY)
        theirs = make.offer(giver="second_giver", title="Another front door")
        second = make.partnership(
            make.agreed(make.match(make.need(), theirs, giver="second_giver"), giver="second_giver")
        )
        before = total(days_of("Leeds", "Hertfordshire", NEW))
        ids = first.id, second.id, logged.id
    with transaction():
        follow("Leeds", NEW)
        follow("Hertfordshire", NEW)
        holds()
        assert total(days_of("Leeds", "Hertfordshire", NEW)) == before
        assert total(days_of("Leeds", "Hertfordshire")) == {}
    with transaction():
        first, second = (db.session.get_one(Partnership, one) for one in ids[:2])
        assert first.provider.name == second.provider.name == NEW
        assert first.review_reason is None
        assert history_of(first)[0].detail == f"Leeds → {NEW}"
        more = make.day(first)
        assert more.logged_by.name == "Partnership lead, Leeds"
        for day_ in (more, db.session.get_one(type(more), ids[2])):
            take(day_, "confirm", by=people.person("receiver_lead"))
            assert day_.state is SupportDayState.CONFIRMED
        lead = people.person("giver_lead")
        assert lead.at(people.authority(NEW).id, Role.PARTNERSHIP_LEAD)
        assert lead.at(people.authority("Leeds").id, Role.PARTNERSHIP_LEAD) is None
        holds()
        ended = people.authority("Leeds")
        assert [one.successor.name for one in ended.successions] == [NEW]


@pytest.mark.postgres
def test_the_receiving_side_goes_over_with_its_needs_and_talks(app: Flask) -> None:
    with transaction():
        make.capacity()
        partnership = make.partnership()
        talk = make.conversation(make.need(title="Talked about"), make.offer(title="Two"))
        private = make.need(until="private", title="A worry")
    with transaction():
        follow("Wirral", NEW)
        assert private.receiver.name == talk.receiver.name == partnership.receiver.name == NEW
        assert partnership.match.receiver.name == NEW
        take(make.day(partnership), "confirm", by=people.person("receiver_lead"))
        take(private, "withdraw", by=people.person("receiver"))
        assert private.state is NeedState.WITHDRAWN
        holds()


def test_returns_go_over_and_one_quarter_has_one(app: Flask) -> None:
    pip = people.programme("pip")
    last = clock.this_quarter() - 1
    with clock.set_to(date(2026, 4, 2)):
        for giver in ("giver", "second_giver"):
            make.capacity({last: 5 * DAY}, programme=pip, giver=giver)
    with clock.set_to(clock.return_opens(last)):
        for name, giver in (("Leeds", "giver"), ("Hertfordshire", "second_giver")):
            own = returns.open_return(
                provider_id=people.authority(name).id, programme=pip, quarter=last, by=the_system()
            )
            returns.write(
                own, outcomes=f"{name} is steadier", priorities="", by=people.person(giver)
            )
    follow("Leeds", NEW)
    follow("Hertfordshire", NEW)
    kept, joined = db.session.scalars(select(Return).order_by(Return.id)).unique()
    assert (kept.provider.name, joined.state) == (NEW, ReturnState.JOINED)
    assert "Leeds is steadier" in kept.outcomes
    assert "From Hertfordshire: Hertfordshire is steadier" in kept.outcomes
    assert returns.certify(kept, by=people.person("second_giver")).number == 1
    with clock.set_to(clock.return_opens(last)):  # the one that was joined is nowhere any more
        seen = preview(pip, last)
        assert ([one.return_ for one in seen.versions], seen.missing) == ([kept], [])
        assert [part.name for part in pack_now(pip, last).parts] == [NEW]
        assert [row.provider.name for row in quarter_of(pip, last)] == [NEW]
        told = records.returns(records.Asked(limit=9, programme_id=pip.id))
        assert [one.return_ for one in told] == [kept]
    holds()


@pytest.mark.postgres
def test_a_split_divides_free_days_and_records_go_where_it_is_said(app: Flask) -> None:
    make.capacity({make.next_quarter(): 41})
    offer, other = make.offer(), make.offer(title="Another")
    partnership = make.partnership(make.agreed(make.match(make.need(days=16), other)))
    lead = people.person("giver_lead")
    follow(
        "Leeds", NEW, "Hertfordshire", share=60,
        chosen={f"offer-{other.id}": "Hertfordshire", f"person-{lead.id}": "Hertfordshire"},
    )  # fmt: skip
    assert (offer.provider.name, other.provider.name) == (NEW, "Hertfordshire")
    assert partnership.provider.name == "Hertfordshire"
    quarter = make.next_quarter()
    split = days_of(NEW, "Hertfordshire")
    assert (split[NEW][quarter].free, split["Hertfordshire"][quarter].free) == (15, 10)
    assert split["Hertfordshire"][quarter].committed == 16
    make.day(partnership)
    assert people.person("giver").at(people.authority(NEW).id, Role.DIRECTOR)
    holds()


@given(st.integers(0, 10_000), st.integers(1, 99))
def test_division_is_whole_and_exact(quarter_days: int, share: int) -> None:
    one, other = Authority(name="One"), Authority(name="Other")
    parts = divide(quarter_days, {one: share, other: 100 - share})
    assert sum(parts.values()) == quarter_days and min(parts.values()) >= 0
    assert abs(parts[one] - quarter_days * share / 100) < 1


def test_another_code_for_the_same_body_is_found_by_both(app: Flask, client: PageClient) -> None:
    with transaction():
        leeds = people.authority("Leeds")
        was = leeds.code
        recode(leeds, "E08000099", reason="Boundary order", by=people.person("administrator"))
    assert "Leeds" in client.get("/authorities/E08000099")
    client.get(f"/authorities/{was}", expect=302)
    for code in (was, "E08000099", "nonsense"):
        with pytest.raises(NotRight):
            recode(people.authority("Wirral"), code, reason="x", by=people.person("administrator"))


def test_what_cannot_be_is_refused_and_nothing_moves(app: Flask) -> None:
    make.capacity()
    make.partnership()
    with pytest.raises(NotPossible, match="End or decline it first"):
        follow("Leeds", "Wirral")
    with pytest.raises(NotRight, match="another authority"):
        follow("Leeds", "Leeds")
    with pytest.raises(NotRight, match="on the day"):
        follow("Leeds", NEW, on=date(2027, 4, 1))
    with pytest.raises(NotRight, match="100 percent"):
        follow("Leeds", NEW, share=60)
    with pytest.raises(NotAllowed):
        one = {people.authority(NEW): 100}
        follows = Following(people.authority("Leeds"), one, TODAY, "Because")
        succeed(follows, by=people.person("coordinator"))
    follow("Essex", "Leeds")
    with pytest.raises(NotPossible, match="already"):
        follow("Essex", "Wirral")


def test_an_authority_without_a_judgement_stands_on_those_it_follows(app: Flask) -> None:
    with transaction():
        new = people.authority(NEW)
        offer = make.offer()
        place = Authority(
            code="E06000099", dfe_number="999", name="Newplace", short_name="Newplace",
            type="Unitary authority", region_id=new.region_id, former_codes=[],
        )  # fmt: skip
        db.session.add(place)
        db.session.flush()
        follow("Leeds", "Newplace")
        assert offer.state is OfferState.PUBLISHED


def test_an_administrator_sees_what_goes_over_and_records_it(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        make.capacity()
        make.offer()
        codes = [people.authority(name).code for name in ("Leeds", NEW, "Hertfordshire")]
    client.sign_in("administrator").get("/facts/succession")
    client.send(expect=422, old=codes[0])
    client.send(old=codes[0], first=codes[1], second=codes[2])
    shown = client.follow()
    assert "Offer 1" in shown and "Partnership lead, Leeds" in shown
    client.send(expect=422, share="101", reason="")
    day = {"on-day": "20", "on-month": "11", "on-year": "2026"}
    client.send(reason="The Order of 2026", share="60", **day)
    assert "Recorded." in client.follow()
    page = client.get(f"/authorities/{codes[0]}")
    assert "is followed by" in page and NEW in page
    client.get(f"/facts/succession/{codes[0]}?first={codes[1]}", expect=409)


def test_the_command_shows_first_and_then_does_it(app: Flask) -> None:
    codes = [people.authority(name).code for name in ("Leeds", NEW)]
    db.session.rollback()
    run = app.test_cli_runner().invoke
    told = run(args=["facts", "succeed", *codes, "--reason", "The Order"])
    assert told.exit_code == 0 and "Nothing is changed" in told.output
    assert people.authority("Leeds").ended_on is None
    db.session.rollback()
    done = run(args=["facts", "succeed", *codes, "--reason", "The Order", "--apply"])
    assert done.exit_code == 0, done.output
    assert people.authority("Leeds").ended_on == TODAY
    db.session.rollback()
    again = run(args=["facts", "succeed", *codes, "--reason", "The Order", "--apply"])
    assert again.exit_code == 2 and "already" in again.output


def agree_to(offer: Offer, *names: str) -> None:
    """Other authorities agree to be named on an offer."""
    by = people.person("giver")
    offers.begin_revision(offer, by=by)
    places = tuple(people.authority(name) for name in names)
    offers.write_in(offer, {"partners": places}, by=by)
    joint.ask_partners(offer, by=by)
    for name in names:
        joint.join(offer, by=make.director_of(name))
    offers.sign_off(offer, by=by)


def named_on(offer: Offer) -> list[str]:
    return [partner.authority.name for partner in offer.partners]


def test_a_joint_offer_names_the_successor_once_and_nobody_beside_itself(app: Flask) -> None:
    offer = make.offer()
    agree_to(offer, "Hertfordshire", "Warrington")
    follow("Hertfordshire", "Warrington")
    assert named_on(offer) == ["Warrington"]
    follow("Warrington", "Leeds")
    assert named_on(offer) == []
    agree_to(offer, NEW)
    follow("Leeds", NEW)
    assert offer.provider.name == NEW and named_on(offer) == []
    holds()


def wish(need: Need, name: str, wished: Wish) -> None:
    by = people.person("receiver")
    place = people.authority(name)
    needs.speak_of(need, place, wish=wished, reason="We tried", by=by)


def test_what_a_need_says_of_an_authority_it_says_of_each_that_follows(app: Flask) -> None:
    need, gone = make.need(until="private"), make.need(until="private", title="Over")
    wish(need, "Leeds", Wish.AVOIDED)
    wish(need, "Essex", Wish.PREFERRED)
    wish(gone, "Leeds", Wish.KNOWN)
    take(gone, "withdraw", by=people.person("receiver"))
    follow("Leeds", "Essex", "Hertfordshire", share=60)
    said = {row.authority.name: row.wish for row in need.partners}
    assert said == {"Essex": Wish.AVOIDED, "Hertfordshire": Wish.AVOIDED}
    assert [row.authority.name for row in gone.partners] == ["Leeds"]
    follow("Hertfordshire", "Wirral")
    assert [row.authority.name for row in need.partners] == ["Essex"]
    follow("Wirral", "Essex")
    assert need.partners == []


def test_two_exceptions_become_one_that_lasts_as_long_as_both(app: Flask) -> None:
    for name in ("Lancashire", "Warrington"):
        make.judged(name, Grade.REQUIRES_IMPROVEMENT, date(2026, 11, 10))
    short, long = make.exception("Warrington"), make.exception("Lancashire")
    long.expires_on = short.expires_on + timedelta(days=30)
    follow("Lancashire", "Warrington")
    assert short.expires_on == long.expires_on and short.provider.name == "Warrington"
    assert history_of(short)[0].detail.startswith(f"with exception {long.id} of Lancashire")
    holds()


def test_who_belonged_to_an_authority_that_was_followed_stands_aside(app: Flask) -> None:
    make.capacity()
    match = make.agreed(make.match())
    member = people.person("panel_1")
    left = date(2026, 3, 31)
    was = Membership(role=Role.PRACTITIONER, authority=people.authority("Leeds"), ends_on=left)
    was.starts_on = date(2020, 4, 1)
    member.memberships.append(was)
    follow("Leeds", NEW)
    assert match.provider.name == NEW
    assert belonged_lately(member, match) and not belonged_lately(people.person("panel_2"), match)
