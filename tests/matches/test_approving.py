"""The coordinator's queue, and approving several matches at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from broker import clock
from broker.db import db, transaction
from broker.errors import Refused
from broker.ledger_check import problems
from broker.matches import actions, approving
from broker.models.match import Match, MatchState
from broker.taking import row_for, take, why_not
from tests import make, people, stage
from tests.client import PageClient

DAY = make.DAY


def agreed(count: int, *, days: int = 4) -> list[Match]:
    """Matches that both directors agreed to, each for another need."""
    capacity = make.capacity({make.next_quarter() + n: 200 * DAY for n in range(4)})
    capacity.at_once = count + 4  # more than a programme allows, so as to have a long queue
    return [
        make.agreed(
            make.match(
                make.need(title=f"Need {number}", days=days * DAY),
                make.offer(title=f"Offer {number}"),
            )
        )
        for number in range(count)
    ]


def asked_for(client: PageClient, matches: list[Match], answer: str, expect: int = 302) -> str:
    chosen = "&".join(f"match={match.id}" for match in matches)
    client.get(f"/matches/approvals/several?{chosen}")
    assert f"Approve {len(matches)} matches" in client.text
    return client.send(
        expect=expect, match=[str(match.id) for match in matches], if_one_fails=answer
    )


def test_the_queue_says_how_long_what_it_takes_and_who_else_helps(client: PageClient) -> None:
    with transaction(), clock.set_to(clock.today() - timedelta(days=14)):
        agreed(2)
    client.sign_in("coordinator").get("/matches/approvals")
    assert "2 matches wait for you" in client.text
    assert "Waits 10 working days" in client.text
    assert "still free there afterwards" in client.text
    assert "works with no other partner now" in client.text
    assert f"{people.GIVER} is in" in client.text


def test_the_queue_says_what_the_row_of_approve_says(app: Flask) -> None:
    stage.set_up()
    queued = approving.queue(people.person("coordinator"))
    assert queued
    for one in queued:
        words = why_not(one.match, row_for(one.match, "approve"))
        assert one.can_be_approved is (words is None), one.match.title


def test_the_questions_asked_do_not_grow_with_the_queue(client: PageClient) -> None:
    with transaction():
        agreed(1)
    client.sign_in("coordinator").get("/matches/approvals")
    with client.counting() as few:
        client.get("/matches/approvals")
    with transaction():
        for number in range(3):
            made = make.match(
                make.need(title=f"More {number}", days=DAY), make.offer(title=f"M {number}")
            )
            make.agreed(made)
    client.get("/matches/approvals")
    with client.counting() as many:
        client.get("/matches/approvals")
    assert len(many) == len(few)


def test_several_are_approved_in_one_press(client: PageClient) -> None:
    with transaction():
        matches = agreed(3)
    asked_for(client.sign_in("coordinator"), matches, "none")
    client.follow()
    assert "3 of 3 are approved" in client.text
    assert {match.state for match in matches} == {MatchState.APPROVED}
    assert not list(problems())


@pytest.mark.parametrize("answer", ["none", "others"])
def test_forty_of_which_one_was_withdrawn_and_one_is_now_its_own(
    client: PageClient, answer: str
) -> None:
    """The page says which and why, and the choice made beforehand holds."""
    with transaction():
        matches = agreed(40, days=1)
    client.sign_in("coordinator").get("/matches/approvals")
    with transaction():
        take(matches[3], "decline", by=people.person("receiver"), reason="Not now after all")
        matches[7].originated_by_id = people.person("coordinator").id
    if answer == "none":
        asked_for(client, matches, answer, expect=409)
        assert "None was approved" in client.text
        assert "it is declined" in client.text
        assert not [m for m in matches if m.state is MatchState.APPROVED]
    else:
        asked_for(client, matches, answer)
        client.follow()
        assert "38 of 40 are approved" in client.text
        assert "it is declined" in client.text
        assert "neither originated the match" in client.text
    assert not list(problems())


def test_choosing_nothing_or_what_is_not_yours_approves_nothing(client: PageClient) -> None:
    with transaction():
        [match] = agreed(1)
    client.sign_in("far_coordinator")
    for address in ("", f"?match={match.id}", "?match=-1", "?match=99999999999", "?match=x"):
        client.get(f"/matches/approvals/several{address}", expect=302)
    assert match.state is MatchState.AGREED


def test_what_is_refused_leaves_nothing_behind(app: Flask) -> None:
    matches = agreed(2)
    matches[0].originated_by_id = people.person("coordinator").id
    db.session.flush()
    refused = approving.approve_several(matches, is_all=False, by=people.person("coordinator"))
    assert [one.match for one in refused] == [matches[0]]
    assert matches[1].state is MatchState.APPROVED
    with pytest.raises(Refused):
        actions.approve(matches[0], by=people.person("coordinator"))
    assert not list(problems())
