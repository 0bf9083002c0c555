"""A coordinator's way through rounds: look first, run, read why, ask, repeat, compare, adopt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, jobs, worker
from broker.capacity import actions as capacities
from broker.conversations import actions as talks
from broker.db import db, transaction
from broker.matching import introduce
from broker.matching.instance import Instance, Need, Pair, Provider
from broker.matching.introduce import conversations
from broker.matching.outcome import Settings
from broker.models.event import Event
from broker.models.match import Origin, Round, RoundKind, RoundState, Suggestion
from broker.models.need import Need as AnyNeed
from broker.models.person import Role
from broker.models.work import Message
from broker.needs import actions as needs
from broker.rounds import actions, queries, running
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.make import DAY


def work() -> None:
    while worker.once("test"):
        pass
    db.session.rollback()


def latest() -> Round:
    newest = select(Round).order_by(Round.id.desc()).limit(1)
    return db.session.scalars(newest).unique().one()


def run_from_the_page(client: PageClient, kind: str) -> str:
    client.sign_in("coordinator").get("/rounds/new")
    look = client.press("See what would go in", 200, kind=kind, programme=own())
    assert "Nothing has been queued yet" in look
    assert not db.session.scalars(select(Round)).unique().all()
    client.press("Run the round")
    work()
    return client.get(f"/rounds/{latest().id}")


def own() -> str:
    return str(people.programme().id)


def test_a_round_is_looked_at_read_acted_on_repeated_compared_and_adopted(
    client: PageClient,
) -> None:
    """A provider six days short is asked for them, and is not told whose need it is."""
    with transaction():
        quarter = make.next_quarter()
        make.capacity({quarter: 2 * DAY})
        make.offer()
        make.need(title="A worry in the open", days=8 * DAY)
        make.need(until="submitted", title="Not open yet")
    page = run_from_the_page(client, "conversation")
    assert "Needs left out" in page and "6 days more from Leeds" in page
    first = latest().id
    assert "Not open yet" not in str(latest().inputs)
    address = f"/rounds/{first}/ask-days?provider={people.authority('Leeds').code}"
    client.get(f"{address}&quarter={quarter}&days={6 * DAY}")
    client.press("Ask for these days")
    with transaction():
        said = db.session.scalars(select(Message).where(Message.path.like("/capacity/%"))).all()
        assert said and all(one.subject.startswith("Could Leeds give more days") for one in said)
        assert not any("worry" in one.body or "Wirral" in one.body for one in said)
        [event] = db.session.scalars(select(Event).filter_by(verb="ask_for_days"))
        assert event.reason == f"6 days more in {quarter} would let one more need be met."
        capacities.confirm(
            provider=people.authority("Leeds"),
            programme=people.programme(),
            days={quarter: 8 * DAY},
            by=people.person("giver_lead"),
        )
    client.get(f"/rounds/{first}")
    client.press("Run it as things stand now")
    work()
    second = latest().id
    assert "1 added, 0 dropped" in client.get(f"/rounds/{second}/compare/{first}")
    client.get(f"/rounds/{second}/adopt")
    client.press("Make these suggestions")
    with transaction():
        [made] = db.session.scalars(select(Suggestion)).unique()
        assert made.round_id == second
    client.get(f"/rounds/{second}")
    client.press("Repeat it on the same inputs")
    work()
    again, before = latest(), db.session.get_one(Round, second)
    assert again.result["matches"] == before.result["matches"] and again.inputs == before.inputs


def two_needs_and_days_for_one() -> None:
    with transaction():
        make.capacity({make.next_quarter(): 10 * DAY})
        make.offer()
        make.need(title="First", days=8 * DAY)
        make.need(title="Second", days=8 * DAY)


def test_a_plan_changed_by_hand_into_breaking_a_rule_cannot_be_adopted(client: PageClient) -> None:
    two_needs_and_days_for_one()
    run_from_the_page(client, "commitment")
    round_ = latest()
    [left] = round_.result["unmatched"]
    [match] = round_.result["matches"]
    client.get(f"/rounds/{round_.id}/edit")
    page = client.press(
        "Put it in", need=left["need"], provider=match["provider"], start=str(match["start"])
    )
    assert "This plan breaks" in page and "Put in by hand" in page and "Leeds" in page
    refused = client.get(f"/rounds/{round_.id}/adopt", 409)
    assert "breaks a rule and cannot be adopted" in refused
    client.sign_in("deputy").get(f"/rounds/{round_.id}/edit", 409)
    client.sign_in("coordinator").get(f"/rounds/{round_.id}/edit")
    client.press("Go back to the plan as it was found")
    assert "Make these suggestions" in client.get(f"/rounds/{round_.id}/adopt")


def test_what_would_help_and_the_other_aims_are_found_out_on_request(client: PageClient) -> None:
    two_needs_and_days_for_one()
    run_from_the_page(client, "commitment")
    client.press("Find out")
    work()
    page = client.get(f"/rounds/{latest().id}")
    assert "would meet 1 more need" in page and "No poor fits" in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("minimums", "Leeds", "write the provider, then a number"),
        ("musts", "Leeds 12", "write a need&#39;s number"),
        ("forbidden", "12 <script>", "There is no authority called"),
    ],
)
def test_settings_that_cannot_be_read_are_refused_in_words(
    client: PageClient, field: str, typed: str, said: str
) -> None:
    client.sign_in("coordinator").get("/rounds/new")
    page = client.send(422, programme=own(), **{field: typed})
    assert said in page and ("Leeds" in page or "script" in page)


def test_pairs_that_may_not_match_do_not_and_impossible_musts_are_named_before(
    client: PageClient,
) -> None:
    two_needs_and_days_for_one()
    with transaction():
        first = queries.open_needs(people.region(people.NORTH_WEST).id, people.programme().id)[0].id
    client.sign_in("coordinator").get("/rounds/new")
    page = client.press(
        "See what would go in", 200, programme=own(), forbidden=f"{first} Leeds", musts="999 Leeds"
    )
    assert "is to match Leeds, but they are not a possible pair" in page
    client.press("Run the round")
    work()
    assert [row["need"] for row in latest().result["matches"]] == [str(first + 1)]


def test_a_round_cancelled_midway_keeps_its_best_plan_so_far(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The coordinator cancels at the worker's first look, within the flow."""
    two_needs_and_days_for_one()
    with transaction():
        round_id = actions.run(
            programme=people.programme(),
            region=people.region(people.NORTH_WEST),
            aim="fit",
            kind=RoundKind.CONVERSATION,
            by=people.person("coordinator"),
        ).id
    monkeypatch.setattr(introduce, "APART", 0)
    monkeypatch.setattr(introduce, "done_apart", cancelled_within(round_id))
    seconds = count(1.0)
    monkeypatch.setattr(running, "monotonic", lambda: next(seconds))
    work()
    round_ = db.session.get_one(Round, round_id)
    assert round_.state is RoundState.CANCELLED
    assert round_.result["matches"] and round_.result["bound"] >= round_.result["points"]
    job = jobs.job_for(f"round-{round_id}")
    assert job is not None and job.state.value == "cancelled"


def cancelled_within(round_id: int) -> Callable[..., None]:
    def apart(work: Callable[[], object], is_over: Callable[[], bool]) -> None:
        with transaction():
            round_ = db.session.get_one(Round, round_id)
            actions.cancel(round_, by=people.person("coordinator"))
        assert is_over()
        return None

    return apart


def test_a_flow_begun_is_stopped_midway_with_a_plan_and_its_bound() -> None:
    needs = tuple(Need(f"n{n}", providers_wanted=1) for n in range(40))
    providers = tuple(Provider(f"p{n}") for n in range(40))
    pairs = tuple(
        Pair(need.id, provider.id, "o", 1 + (at * 7 + to * 13) % 97)
        for at, need in enumerate(needs)
        for to, provider in enumerate(providers)
    )
    instance = conversations(Instance(("q",), providers, needs, pairs), each_need=2)
    asked = count()
    plan = introduce.introduce(instance, Settings(), should_stop=lambda: next(asked) > 0)
    whole = introduce.introduce(instance, Settings())
    assert plan.matches and plan.points <= whole.points <= plan.bound
    assert whole.status.value == "optimal"


# -- all of England ---------------------------------------------------------------------------


def _an_open_need_of_essex() -> int:
    """Of another region than Wirral's."""
    made = needs.describe(
        receiver=people.authority(people.OTHER),
        programme=people.programme(),
        terms=make.need_terms(title="Wanted in the east", days=8 * DAY),
        by=people.person("other"),
    )
    needs.submit(made, by=people.person("other"))
    place = people.authority(people.OTHER).region
    east = people.add("east_coordinator", Role.COORDINATOR, region=place)
    take(made, "open", by=east)
    return made.id


def test_a_programmes_manager_runs_a_round_over_all_england(client: PageClient) -> None:
    two_needs_and_days_for_one()
    with transaction():
        make.capacity({make.next_quarter(): 30 * DAY})
        _an_open_need_of_essex()
    client.sign_in("manager").get("/rounds/new")
    look = client.press("See what would go in", 200, programme=own(), region="england")
    assert "All of England" in look and "Essex" in look and "Wirral" in look
    client.press("Run the round")
    work()
    page = client.get(f"/rounds/{latest().id}")
    assert f"has {latest().result['points']:,} points" in page
    assert "Wanted in the east" in page and "3 matches" in page and "/shortlist" not in page
    client.get(f"/rounds/{latest().id}/adopt")
    client.press("Make these suggestions")
    client.sign_in("coordinator").get(f"/rounds/{latest().id}", 404)
    assert "All of England" not in client.get("/rounds")


def test_a_coordinator_runs_no_round_over_all_england(client: PageClient) -> None:
    client.sign_in("coordinator").get("/rounds/new")
    client.send(422, programme=own(), region="england")


def test_a_manager_runs_none_in_a_programme_of_others(client: PageClient) -> None:
    with transaction():
        someone = people.add("manager_of_one", Role.PROGRAMME_MANAGER)
        someone.memberships[0].programme = people.programme("pip")
    client.sign_in("manager_of_one").get("/rounds/new")
    client.send(422, programme=own(), region="england")


# -- adopting, and taking back ----------------------------------------------------------------


def test_what_stands_already_or_was_overtaken_is_named_and_left_out(client: PageClient) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 30 * DAY})
        given = make.offer()
        standing, withdrawn = make.need(title="Stands"), make.need(title="Withdrawn since")
        make.need(title="Still wanted")
        make.suggestion(standing, given)
        ids = withdrawn.id
    run_from_the_page(client, "commitment")
    with transaction():
        take(db.session.get_one(AnyNeed, ids), "withdraw", by=people.person("receiver"))
    page = client.get(f"/rounds/{latest().id}/adopt")
    assert "Beside their need already" in page and "The need is not open any more" in page
    client.press("Make these suggestions")
    with transaction():
        made = db.session.scalars(select(Suggestion).filter_by(round_id=latest().id)).unique()
        assert [one.need.title for one in made] == ["Still wanted"]


def test_an_adopted_round_set_aside_takes_back_what_nobody_acted_on(client: PageClient) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 30 * DAY})
        make.offer()
        for title in ("Asked about", "Untouched"):
            make.need(title=title)
    run_from_the_page(client, "commitment")
    client.get(f"/rounds/{latest().id}/adopt")
    client.press("Make these suggestions")
    with transaction():
        made = db.session.scalars(select(Suggestion).order_by(Suggestion.need_id)).unique().all()
        talks.ask(made[0], message="Could we talk?", by=people.person("receiver"))
    assert "takes back the 1 suggestion" in client.get(f"/rounds/{latest().id}")
    client.press("Set aside")
    with transaction():
        made = db.session.scalars(select(Suggestion).order_by(Suggestion.need_id)).unique().all()
        assert [one.state.value for one in made] == ["asked", "passed_over"]


def test_a_match_put_in_by_hand_is_a_coordinators_suggestion(client: PageClient) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 30 * DAY})
        make.offer()
        make.need(title="By hand")
    run_from_the_page(client, "commitment")
    [match] = latest().result["matches"]
    pair = {"need": match["need"], "provider": match["provider"]}
    client.get(f"/rounds/{latest().id}/edit")
    client.press("Take out By hand with Leeds")
    client.press("Put it in", start=str(match["start"]), **pair)
    client.get(f"/rounds/{latest().id}/adopt")
    client.press("Make these suggestions")
    with transaction():
        [made] = db.session.scalars(select(Suggestion)).unique()
        assert made.origin is Origin.COORDINATOR


# -- interrupted, and what never goes in ------------------------------------------------------


def test_an_interrupted_round_repeated_on_its_inputs_gives_the_plan_it_would_have(
    client: PageClient,
) -> None:
    two_needs_and_days_for_one()
    run_from_the_page(client, "commitment")
    whole = latest().result["matches"]
    client.press("Run it as things stand now")
    begun = latest().id
    claimed = jobs.claim("one that dies")
    while claimed is not None and claimed[1] != "round":
        claimed = jobs.claim("one that dies")
    running._begin(begun)
    with clock.set_to(clock.now() + timedelta(minutes=10)):
        work()
        assert "The worker stopped" in client.get(f"/rounds/{begun}")
        assert db.session.get_one(Round, begun).state is RoundState.INTERRUPTED
        client.press("Repeat it on the same inputs")
        work()
    again = latest()
    assert again.id != begun and again.inputs == db.session.get_one(Round, begun).inputs
    assert again.result["matches"] == whole


@pytest.mark.parametrize("kind", ["conversation", "commitment"])
def test_needs_that_are_not_open_are_in_no_round_and_nothing_that_comes_of_it(
    client: PageClient, kind: str
) -> None:
    """Even when somebody names their numbers as pairs that must or may not match."""
    two_needs_and_days_for_one()
    with transaction():
        hidden = [
            make.need(until=until, title=f"Hush {until}", days=2 * DAY).id
            for until in ("private", "in_confidence", "submitted")
        ]
    pairs = "\n".join(f"{number} Leeds" for number in hidden)
    client.sign_in("coordinator").get("/rounds/new")
    typed = {"kind": kind, "programme": own(), "musts": pairs, "forbidden": f"{hidden[0]} Leeds"}
    look = client.press("See what would go in", 200, **typed)
    assert "Hush" not in look
    client.press("Run the round")
    work()
    client.get(f"/rounds/{latest().id}")
    client.press("Find out")
    work()
    round_ = latest()
    numbers = {row["id"] for row in round_.inputs["needs"]}
    numbers |= {row["need"] for row in round_.inputs["pairs"]} | set(round_.inputs["values"])
    assert numbers.isdisjoint(map(str, hidden))
    events = db.session.scalars(select(Event).filter_by(noun="round")).all()
    letters = db.session.scalars(select(Message).where(Message.path.like("/rounds/%"))).all()
    kept = [round_.inputs, round_.result, round_.heard, round_.settings]
    told = [vars(one) for one in (*events, *letters)]
    assert "Hush" not in str(kept) + str(told) + client.get(f"/rounds/{round_.id}")
    assert "Hush" not in client.get(f"/rounds/{round_.id}.csv")
