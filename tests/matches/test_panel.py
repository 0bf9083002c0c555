"""The panel: three who do not stand aside, a majority, and a tie that is put off once."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import conditions, ledger, ledger_check
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.matches import actions
from broker.models.match import Match, MatchState, Vote
from broker.models.need import NeedState
from broker.models.partnership import Partnership
from broker.models.person import Membership, Role
from broker.models.readiness import Readiness
from broker.needs import actions as needs
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

FOR, AGAINST, ASIDE = Vote.FOR, Vote.AGAINST, Vote.RECUSED


@pytest.fixture
def match(app: Flask) -> Match:
    """A match that waits for the panel."""
    make.capacity({make.next_quarter(): 60 * DAY})
    need = make.opened(make.need(days=24 * DAY, until="submitted"), Readiness.CONDITIONAL)
    made = make.agreed(make.match(need))
    actions.send_to_panel(made, by=people.person("coordinator"))
    return made


def cast(match: Match, *votes: Vote, first: int = 1) -> None:
    """Panel member 1 votes first, then 2, and so on."""
    for number, vote in enumerate(votes, first):
        member = people.person(f"panel_{number}")
        actions.vote(match, vote=vote, reason="As I read the plan", by=member)


def reserved(match: Match) -> int:
    return sum(b.reserved for b in ledger.balances_of_match(match.id).values())


@pytest.mark.parametrize(
    ("votes", "state"),
    [
        ([FOR, FOR], MatchState.WITH_PANEL),
        ([FOR, FOR, FOR], MatchState.APPROVED),
        ([FOR, AGAINST, FOR], MatchState.APPROVED),
        ([AGAINST, FOR, AGAINST], MatchState.NOT_APPROVED),
        ([ASIDE, FOR, FOR], MatchState.WITH_PANEL),
        ([ASIDE, FOR, FOR, FOR], MatchState.APPROVED),
        ([ASIDE, ASIDE, FOR, FOR], MatchState.WITH_PANEL),
        ([ASIDE, ASIDE, FOR, FOR, AGAINST], MatchState.APPROVED),
    ],
)
def test_three_votes_of_those_not_standing_aside_decide_by_majority(
    match: Match, votes: list[Vote], state: MatchState
) -> None:
    cast(match, *votes)
    assert match.state is state
    assert list(ledger_check.problems()) == []


def test_a_yes_opens_one_partnership_and_matches_the_need(match: Match) -> None:
    cast(match, FOR, FOR, FOR)
    assert db.session.scalar(select(func.count(Partnership.id))) == 1
    assert match.need.state is NeedState.MATCHED
    with pytest.raises(NotPossible):
        cast(match, FOR, first=4)


def test_a_no_gives_the_days_back(match: Match) -> None:
    cast(match, AGAINST, AGAINST, AGAINST)
    assert reserved(match) == 0 and match.need.state is NeedState.OPEN


def with_quorum_of_four(match: Match) -> None:
    match.programme.rules = {**match.programme.rules, "quorum": 4}
    db.session.flush()


def test_a_tie_is_put_off_once_and_everybody_votes_again(match: Match) -> None:
    with_quorum_of_four(match)
    cast(match, FOR, FOR, AGAINST, AGAINST)
    assert (match.state, match.deferrals) == (MatchState.WITH_PANEL, 1)
    cast(match, FOR, FOR, AGAINST)
    assert match.state is MatchState.WITH_PANEL
    cast(match, FOR, first=4)
    assert match.state is MatchState.APPROVED


def test_a_second_tie_refuses(match: Match) -> None:
    with_quorum_of_four(match)
    cast(match, FOR, FOR, AGAINST, AGAINST)
    cast(match, AGAINST, FOR, AGAINST, FOR)
    assert match.state is MatchState.NOT_APPROVED and reserved(match) == 0


def test_nobody_votes_twice_in_a_sitting(match: Match) -> None:
    cast(match, FOR)
    with pytest.raises(NotAllowed, match="voted on this match already"):
        cast(match, AGAINST)
    assert [vote.vote for vote in match.votes] == [FOR]


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_vote_comes_with_a_reason(match: Match, reason: str) -> None:
    with pytest.raises(NotRight, match="reason"):
        actions.vote(match, vote=FOR, reason=reason, by=people.person("panel_1"))
    assert match.votes == []


@pytest.mark.parametrize("name", ["coordinator", "giver", "receiver", "manager", "administrator"])
def test_only_the_panel_votes(match: Match, name: str) -> None:
    with pytest.raises(NotAllowed):
        actions.vote(match, vote=FOR, reason="Yes", by=people.person(name))


@pytest.mark.parametrize("authority", [people.GIVER, people.RECEIVER])
def test_a_member_from_a_party_sees_no_way_to_vote_and_has_none(
    match: Match, client: PageClient, authority: str
) -> None:
    people.person("panel_1").employer = people.authority(authority)
    db.session.commit()
    page = client.sign_in("panel_1").get(f"/matches/{match.id}")
    assert f"/matches/{match.id}/panel" not in page
    client.get(f"/matches/{match.id}/panel", expect=403)
    client.post(f"/matches/{match.id}/panel", {"vote": "for", "reason": "Ours"}, expect=403)
    with pytest.raises(NotAllowed):
        actions.vote(match, vote=FOR, reason="Ours", by=people.person("panel_1"))
    assert f"/matches/{match.id}/panel" in client.sign_in("panel_2").get(f"/matches/{match.id}")


def test_members_who_voted_in_the_first_sitting_have_it_waiting_again_after_a_tie(
    match: Match,
) -> None:
    from broker.work.queries import waiting_on

    with_quorum_of_four(match)
    cast(match, FOR, FOR, AGAINST)
    member = people.person("panel_1")
    assert waiting_on(member) == []
    cast(match, AGAINST, first=4)
    assert [one.label for one in waiting_on(member)] == ["Vote"]


def test_days_of_a_follow_on_count_with_those_of_the_needs_it_follows(app: Flask) -> None:
    make.capacity({make.next_quarter() + n: 60 * DAY for n in range(3)})
    first = make.agreed(make.match(make.need(days=20 * DAY)))
    following = needs.follow_on(first.need, by=people.person("receiver_lead"))
    needs.submit(following, by=people.person("receiver"))
    second = make.match(make.opened(following), make.offer(title="More of it"))
    assert conditions.days_in_line([first, second]) == {
        first.id: 20 * DAY,
        second.id: 40 * DAY,
    }
    assert conditions.why_panel(second) is None
    programme = second.programme
    programme.rules = {**programme.rules, "panel_from": 40 * DAY}
    assert conditions.why_panel(first) is None
    assert "together the days reach 40 days" in (conditions.why_panel(second) or "")


# -- papers and minutes -----------------------------------------------------------------------


def test_the_papers_hold_what_a_member_needs_and_none_of_the_authoritys_own_words(
    match: Match, client: PageClient
) -> None:
    match.need.diagnosis = "Words for us alone"
    db.session.commit()
    client.sign_in("panel_1").get(f"/matches/{match.id}/papers")
    for words in ("because the need is ready with conditions", "Still free afterwards", "Vote"):
        assert words in client.text
    assert "Words for us alone" not in client.text


def test_who_belonged_to_a_party_in_the_last_three_years_neither_votes_nor_reads_the_papers(
    match: Match, client: PageClient
) -> None:
    member = people.person("panel_1")
    left = Membership(
        role=Role.PRACTITIONER,
        authority=match.provider,
        starts_on=date(2020, 1, 1),
        ends_on=date(2023, 11, 21),
    )
    member.memberships.append(left)
    db.session.commit()
    with pytest.raises(NotAllowed):
        actions.vote(match, vote=FOR, reason="I know them", by=member)
    db.session.rollback()
    client.sign_in("panel_1").get(f"/matches/{match.id}/papers", expect=403)
    left.ends_on = date(2023, 11, 18)
    db.session.commit()
    client.get(f"/matches/{match.id}/papers")


def test_the_minutes_tell_each_sitting_with_names_for_those_who_oversee_alone(
    match: Match, client: PageClient
) -> None:
    with_quorum_of_four(match)
    cast(match, ASIDE, FOR, AGAINST, FOR, AGAINST)
    db.session.commit()
    address, member = f"/matches/{match.id}/minutes", people.person("panel_2").name
    client.sign_in("receiver").get(address)
    assert "2 for" not in client.text and "As I read the plan" not in client.text
    cast(match, FOR, FOR, AGAINST, FOR, first=2)
    db.session.commit()
    client.get(address)
    assert "Sitting 1: As many for as against: put off once" in client.text
    assert "Sitting 2: Approved" in client.text
    assert "3 for, 1 against, 0 stood aside" in client.text
    assert "As I read the plan" in client.text and member not in client.text
    for name in ("coordinator", "panel_1", "manager"):
        client.sign_in(name).get(address)
        assert member in client.text
    assert "Decided" in client.text and "20 November 2026" in client.text
