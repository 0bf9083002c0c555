"""Terms, agreement and approval: nobody alone, nobody twice, and days only while they are held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date

import pytest
from sqlalchemy import func, select

from broker import clock, ledger, ledger_check
from broker.clock import Quarter
from broker.conversations import actions as conversations
from broker.db import db
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.matches import actions
from broker.matches.terms import Terms
from broker.models.match import Answer, Match, MatchState, Origin, Side
from broker.models.need import Need, NeedState
from broker.models.partnership import Partnership
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme
from broker.models.readiness import Readiness
from broker.models.work import Message
from broker.taking import take, verbs_open_to
from tests import make, people
from tests.make import DAY

pytestmark = pytest.mark.usefixtures("app")


def reserved(match: Match) -> int:
    return sum(b.reserved for b in ledger.balances_of_match(match.id).values())


def committed(match: Match) -> int:
    return sum(b.committed for b in ledger.balances_of_match(match.id).values())


def two_matches(days: int = 8 * DAY, first: int | None = None) -> tuple[Match, Match]:
    """Two providers' talks about one need of so many days; the first gives `first` of them."""
    make.capacity()
    make.capacity(giver="second_giver")
    need = make.need(days=days)
    one = make.match(need, make.offer(most=first or 60 * DAY))
    return one, make.match(need, make.offer(giver="second_giver"), giver="second_giver")


def both_agree(match: Match, giver: str = "giver") -> None:
    actions.agree(match, by=people.person("receiver"))
    actions.agree(match, by=people.person(giver))


# -- agreeing ---------------------------------------------------------------------------------


def test_one_director_alone_agrees_nothing_and_holds_no_days() -> None:
    make.capacity()
    match = make.match()
    actions.agree(match, by=people.person("receiver"))
    assert match.state is MatchState.TALKING and reserved(match) == 0
    assert match.sides_agreed == {Side.RECEIVER}


def test_both_directors_agree_and_the_days_are_held() -> None:
    make.capacity()
    match = make.match()
    both_agree(match)
    assert match.state is MatchState.AGREED and reserved(match) == 8 * DAY
    assert match.agreed_at is not None


@pytest.mark.parametrize("lead", ["giver_lead", "receiver_lead", "practitioner"])
def test_a_lead_does_not_agree_for_a_director(lead: str) -> None:
    match = make.match()
    with pytest.raises(NotAllowed, match="director"):
        actions.agree(match, by=people.person(lead))


@pytest.mark.parametrize("stranger", ["other", "second_giver", "coordinator", "manager", "panel_1"])
def test_nobody_outside_the_two_authorities_agrees(stranger: str) -> None:
    match = make.match()
    with pytest.raises(NotAllowed):
        actions.agree(match, by=people.person(stranger))


def test_a_director_agrees_once_and_is_told_who_is_next() -> None:
    match = make.match()
    actions.agree(match, by=people.person("receiver"))
    with pytest.raises(NotPossible, match="other side's director is next"):
        actions.agree(match, by=people.person("receiver"))


def test_who_directs_both_authorities_acts_for_neither() -> None:
    make.capacity()
    match = make.match()
    both = people.person("giver")
    join(both, Role.DIRECTOR, people.RECEIVER)
    for verb in ("agree", "counter_offer", "decline"):
        assert verb not in {row.verb for row in verbs_open_to(both, match)}
    with pytest.raises(NotAllowed):
        actions.agree(match, by=both)


def join(person: Person, role: Role, authority: str) -> None:
    person.memberships.append(
        Membership(role=role, authority=people.authority(authority), starts_on=people.START)
    )
    db.session.flush()


@pytest.mark.parametrize("answer", [Answer.NO, Answer.NOT_NOW])
def test_terms_are_agreed_only_after_a_yes_from_both(answer: Answer) -> None:
    make.capacity()
    talk = make.conversation()
    match = conversations.accept(talk, by=people.person("giver"))
    with pytest.raises(NotPossible, match="record 'yes' after talking"), db.session.begin_nested():
        actions.agree(match, by=people.person("receiver"))
    for side, name, said in (
        (Side.RECEIVER, "receiver", Answer.YES),
        (Side.PROVIDER, "giver", answer),
    ):
        conversations.record_outcome(talk, side=side, answer=said, by=people.person(name))
    with pytest.raises(NotPossible, match="record 'yes' after talking"), db.session.begin_nested():
        actions.agree(match, by=people.person("receiver"))


def test_a_need_is_opened_before_its_match_is_agreed() -> None:
    make.capacity()
    match = make.match(make.need(until="submitted"))
    with (
        pytest.raises(NotPossible, match="regional coordinator opens this need first"),
        db.session.begin_nested(),
    ):
        actions.agree(match, by=people.person("receiver"))
    make.opened(match.need)
    both_agree(match)
    assert match.state is MatchState.AGREED


def test_days_that_are_not_there_cannot_be_agreed() -> None:
    make.capacity({make.next_quarter(): 7 * DAY})
    match = make.match()
    actions.agree(match, by=people.person("receiver"))
    with pytest.raises(NotPossible, match="has 7 days left"):
        actions.agree(match, by=people.person("giver"))


# -- other terms ------------------------------------------------------------------------------


def test_other_terms_clear_what_was_agreed() -> None:
    make.capacity()
    match = make.match()
    actions.agree(match, by=people.person("receiver"))
    actions.counter_offer(
        match,
        Terms(days={make.next_quarter() + 1: 5 * DAY}, aims="Sooner help"),
        by=people.person("giver_lead"),
    )
    assert match.sides_agreed == set() and match.aims == "Sooner help"
    assert [(row.quarter, row.quarter_days) for row in match.days] == [
        (make.next_quarter() + 1, 5 * DAY)
    ]
    actions.agree(match, by=people.person("giver"))
    assert match.state is MatchState.TALKING
    actions.agree(match, by=people.person("receiver"))
    assert match.state is MatchState.AGREED and reserved(match) == 5 * DAY


def test_the_history_keeps_the_days_that_were_proposed_before() -> None:
    match = make.match()
    event = actions.counter_offer(
        match, Terms(days={make.next_quarter(): DAY}, aims=""), by=people.person("giver")
    )
    assert event.detail == f"{make.next_quarter()}: 8 days"


@pytest.mark.parametrize("days", [{}, {0: 0}, {0: 0, 1: 0}])
def test_terms_without_days_are_refused(days: dict[int, int]) -> None:
    match = make.match()
    wanted = {make.next_quarter() + ahead: amount for ahead, amount in days.items()}
    with pytest.raises(NotRight, match="at least one quarter"):
        actions.counter_offer(match, Terms(days=wanted, aims=""), by=people.person("giver"))
    assert match.total_days == 8 * DAY


def test_terms_stay_within_what_the_offer_gives_at_most() -> None:
    match = make.match(given=make.offer(most=10 * DAY))
    first = make.next_quarter()
    with pytest.raises(NotRight, match="at most 10 days"):
        actions.counter_offer(
            match, Terms(days={first: 10 * DAY, first + 1: 1}, aims=""), by=people.person("giver")
        )
    actions.counter_offer(match, Terms(days={first: 10 * DAY}, aims=""), by=people.person("giver"))
    assert match.total_days == 10 * DAY


def test_a_match_begins_with_no_more_than_the_offer_gives() -> None:
    match = make.match(make.need(days=9 * DAY), make.offer(most=4 * DAY))
    assert match.total_days == 4 * DAY


def test_agreed_terms_no_longer_change() -> None:
    match = make.agreed()
    with pytest.raises(NotPossible):
        actions.counter_offer(
            match, Terms(days={make.next_quarter(): DAY}, aims=""), by=people.person("giver")
        )


# -- rivals -----------------------------------------------------------------------------------


def test_a_match_that_covers_the_need_closes_the_others_with_thanks() -> None:
    winner, rival = two_matches()
    both_agree(winner)
    db.session.refresh(rival)
    assert rival.state is MatchState.NOT_NEEDED_NOW
    said = db.session.scalars(
        select(Message.subject).where(Message.to_id == people.person("second_giver").id)
    )
    assert any("not needed now, with thanks" in subject for subject in said)


def test_others_stay_while_days_remain_and_the_need_is_part_matched() -> None:
    winner, rival = two_matches(days=12 * DAY, first=5 * DAY)
    make.agreed(winner)
    db.session.refresh(rival)
    assert rival.state is MatchState.TALKING
    actions.approve(winner, by=people.person("coordinator"))
    assert winner.need.state is NeedState.PART_MATCHED
    terms = {make.next_quarter(): 7 * DAY}
    actions.counter_offer(rival, Terms(days=terms, aims=""), by=people.person("receiver"))
    make.agreed(rival, giver="second_giver")
    actions.approve(rival, by=people.person("coordinator"))
    assert rival.need.state is NeedState.MATCHED
    assert list(ledger_check.problems()) == []


def test_a_later_agreement_does_not_push_out_one_that_is_agreed() -> None:
    winner, rival = two_matches(days=9 * DAY, first=5 * DAY)
    both_agree(winner)
    with pytest.raises(NotPossible, match="still wants 4 days"), db.session.begin_nested():
        actions.agree(rival, by=people.person("receiver"))
    fewer = {rival.days[0].quarter: 4 * DAY}
    actions.counter_offer(rival, Terms(days=fewer, aims="Sooner"), by=people.person("receiver"))
    both_agree(rival, giver="second_giver")
    db.session.refresh(winner)
    assert winner.state is MatchState.AGREED and rival.state is MatchState.AGREED


def test_a_need_that_is_covered_is_not_agreed_again_until_that_falls_through() -> None:
    winner, rival = two_matches(days=8 * DAY)
    both_agree(winner)
    need = winner.need
    later = make.match(need, make.offer(title="A third way"))
    with pytest.raises(NotPossible, match="covers this need"), db.session.begin_nested():
        actions.agree(later, by=people.person("receiver"))
    take(winner, "decline", by=people.person("giver"), reason="Our team is needed at home")
    both_agree(later)
    assert later.state is MatchState.AGREED and list(ledger_check.problems()) == []


def test_a_new_match_begins_with_the_days_that_are_still_wanted() -> None:
    make.capacity()
    need = make.need(days=12 * DAY)
    both_agree(make.match(need, make.offer(most=5 * DAY)))
    assert make.match(need, make.offer(title="A second way")).total_days == 7 * DAY


# -- four eyes --------------------------------------------------------------------------------


def may_approve(name: str, match: Match) -> bool:
    return "approve" in {row.verb for row in verbs_open_to(people.person(name), match)}


def test_the_receiving_regions_coordinator_and_deputy_approve_and_nobody_else() -> None:
    match = make.agreed()
    assert [name for name in people.NAMES if may_approve(name, match)] == ["coordinator", "deputy"]


def suggested_by(name: str) -> Match:
    """An agreed match that began with this coordinator's suggestion."""
    make.capacity()
    suggestion = conversations.suggest(
        make.need(), make.offer(), origin=Origin.COORDINATOR, by=people.person(name)
    )
    return make.agreed(make.match_from(suggestion))


def test_a_coordinator_who_suggested_it_leaves_approval_to_the_deputy() -> None:
    match = suggested_by("coordinator")
    with pytest.raises(NotAllowed):
        actions.approve(match, by=people.person("coordinator"))
    event = actions.approve(match, by=people.person("deputy"))
    assert event.on_behalf_of_id == people.person("coordinator").id


def party_by_employer(person: Person) -> None:
    person.employer = people.authority(people.GIVER)


def party_by_role(person: Person) -> None:
    join(person, Role.PRACTITIONER, people.RECEIVER)


@pytest.mark.parametrize("become_party", [party_by_employer, party_by_role])
def test_a_coordinator_who_belongs_to_a_party_does_not_approve(
    become_party: Callable[[Person], None],
) -> None:
    match = make.agreed()
    become_party(people.person("coordinator"))
    db.session.flush()
    with pytest.raises(NotAllowed):
        actions.approve(match, by=people.person("coordinator"))
    assert not may_approve("far_coordinator", match)
    assert may_approve("deputy", match)


def test_another_regions_coordinator_approves_only_when_nobody_in_the_region_may() -> None:
    match = make.agreed()
    assert not may_approve("far_coordinator", match)
    for name in ("coordinator", "deputy"):
        party_by_employer(people.person(name))
    db.session.flush()
    assert may_approve("far_coordinator", match)
    actions.approve(match, by=people.person("far_coordinator"))
    assert match.state is MatchState.APPROVED


def test_a_deputy_whose_time_is_over_does_not_keep_the_decision_in_the_region() -> None:
    match = make.agreed()
    party_by_employer(people.person("coordinator"))
    people.person("deputy").memberships[0].ends_on = date(2026, 11, 19)
    db.session.flush()
    assert not may_approve("deputy", match) and may_approve("far_coordinator", match)


# -- approval ---------------------------------------------------------------------------------


def test_approval_opens_exactly_one_partnership_and_commits_the_days() -> None:
    match = make.agreed()
    actions.approve(match, by=people.person("coordinator"))
    with pytest.raises(NotPossible):
        actions.approve(match, by=people.person("deputy"))
    assert db.session.scalar(select(func.count(Partnership.id))) == 1
    assert (reserved(match), committed(match)) == (0, 8 * DAY)
    assert match.need.state is NeedState.MATCHED


def test_two_are_considered_or_there_is_a_reason_for_one() -> None:
    make.capacity()
    match = make.match()
    both_agree(match)
    with pytest.raises(NotPossible, match="Only one provider was considered"):
        actions.approve(match, by=people.person("coordinator"))
    actions.explain_one(match, because="They solved this.", by=people.person("receiver_lead"))
    actions.approve(match, by=people.person("coordinator"))
    assert match.state is MatchState.APPROVED


def test_with_two_considered_no_reason_is_needed() -> None:
    make.capacity()
    match = make.match()
    make.suggestion(match.need, make.offer(giver="second_giver"))
    both_agree(match)
    actions.approve(match, by=people.person("coordinator"))
    assert match.state is MatchState.APPROVED


@pytest.mark.parametrize("because", ["", "  \n "])
def test_a_reason_for_one_is_words(because: str) -> None:
    match = make.match()
    with pytest.raises(NotRight, match="in a sentence"):
        actions.explain_one(match, because=because, by=people.person("receiver"))


def test_the_providing_side_does_not_say_why_it_was_enough() -> None:
    match = make.match()
    with pytest.raises(NotAllowed):
        actions.explain_one(match, because="We are good.", by=people.person("giver"))


def test_sending_back_gives_the_days_back_and_asks_both_directors_again() -> None:
    match = make.agreed()
    actions.send_back(match, reason="Who leads on data?", by=people.person("coordinator"))
    assert match.state is MatchState.TALKING and reserved(match) == 0
    actions.agree(match, by=people.person("giver"))
    assert match.state is MatchState.TALKING
    actions.agree(match, by=people.person("receiver"))
    assert match.state is MatchState.AGREED and reserved(match) == 8 * DAY


@pytest.mark.parametrize("name", ["giver", "receiver"])
def test_declining_gives_the_days_back(name: str) -> None:
    match = make.agreed()
    take(match, "decline", by=people.person(name), reason="Another way was found")
    assert reserved(match) == 0 and match.state is MatchState.DECLINED
    assert list(ledger_check.problems()) == []


# -- when it starts ---------------------------------------------------------------------------


def agreed_for(first: Quarter, on: date) -> Match:
    make.capacity({first: 20 * DAY, first + 1: 20 * DAY})
    match = make.match(make.need(first=first))
    with clock.set_to(on):
        return make.agreed(match)


def test_what_is_agreed_within_its_first_quarter_may_be_approved_in_it() -> None:
    now = clock.this_quarter()
    match = agreed_for(now, clock.today())
    with clock.set_to(now.last_day):
        actions.approve(match, by=people.person("coordinator"))
    assert match.state is MatchState.APPROVED


def test_what_was_agreed_before_its_first_quarter_began_is_dated_again() -> None:
    first = make.next_quarter()
    match = agreed_for(first, clock.today())
    with (
        clock.set_to(first.first_day),
        pytest.raises(NotPossible, match="has begun since this was agreed"),
    ):
        actions.approve(match, by=people.person("coordinator"))
    with clock.set_to(first.first_day):
        actions.send_back(match, reason="A later start", by=people.person("coordinator"))
        actions.counter_offer(
            match, Terms(days={first + 1: 8 * DAY}, aims=""), by=people.person("receiver")
        )
        both_agree(match)
        actions.approve(match, by=people.person("coordinator"))
    assert match.state is MatchState.APPROVED


def test_a_first_quarter_that_is_over_is_always_dated_again() -> None:
    now = clock.this_quarter()
    match = agreed_for(now, clock.today())
    with clock.set_to((now + 1).first_day), pytest.raises(NotPossible, match="Send it back"):
        actions.approve(match, by=people.person("coordinator"))


def test_the_day_before_the_first_quarter_is_early_enough() -> None:
    first = make.next_quarter()
    match = agreed_for(first, clock.today())
    with clock.set_to(clock.this_quarter().last_day):
        actions.approve(match, by=people.person("coordinator"))
    assert match.state is MatchState.APPROVED


# -- when the panel decides -------------------------------------------------------------------


def under(**rules: object) -> Programme:
    """Own days, with some of its rules changed."""
    programme = people.programme()
    programme.rules = asdict(replace(programme.policy, **rules))
    db.session.flush()
    return programme


def agreed_over(days: int, **rules: object) -> Match:
    under(**rules)
    make.capacity({make.next_quarter(): 200 * DAY})
    return make.agreed(make.match(make.need(days=days), make.offer(most=120 * DAY)))


@pytest.mark.parametrize(("days", "is_for_panel"), [(90 * DAY - 1, False), (90 * DAY, True)])
def test_the_panel_is_asked_from_ninety_days(days: int, is_for_panel: bool) -> None:
    match = agreed_over(days, panel_from=90 * DAY)
    if is_for_panel:
        with pytest.raises(NotPossible, match="together the days reach 90 days"):
            actions.approve(match, by=people.person("coordinator"))
        actions.send_to_panel(match, by=people.person("coordinator"))
        assert match.state is MatchState.WITH_PANEL and reserved(match) == days
    else:
        with pytest.raises(NotPossible, match="within what a coordinator approves"):
            actions.send_to_panel(match, by=people.person("coordinator"))
        actions.approve(match, by=people.person("coordinator"))


def test_matches_of_one_need_are_counted_together_for_the_panel() -> None:
    under(panel_from=90 * DAY)
    make.capacity({make.next_quarter(): 200 * DAY})
    make.capacity({make.next_quarter(): 200 * DAY}, giver="second_giver")
    need = make.need(days=100 * DAY)
    make.partnership(make.agreed(make.match(need, make.offer(most=50 * DAY))))
    offer = make.offer(giver="second_giver", most=50 * DAY)
    second = make.agreed(make.match(need, offer, giver="second_giver"), giver="second_giver")
    with pytest.raises(NotPossible, match="The panel decides"):
        actions.approve(second, by=people.person("coordinator"))


def test_a_need_that_is_ready_with_conditions_goes_to_the_panel() -> None:
    make.capacity({make.next_quarter(): 60 * DAY})
    need = make.opened(make.need(days=24 * DAY, until="submitted"), Readiness.CONDITIONAL)
    match = make.agreed(make.match(need))
    with pytest.raises(NotPossible, match="ready with conditions"):
        actions.approve(match, by=people.person("coordinator"))


@pytest.mark.parametrize("differ", [True, False])
def test_different_regions_go_to_the_panel_where_the_programme_says_so(differ: bool) -> None:
    match = agreed_over(8 * DAY, panel_when_regions_differ=differ)
    if differ:
        with pytest.raises(NotPossible, match="different regions"):
            actions.approve(match, by=people.person("coordinator"))
    else:
        actions.approve(match, by=people.person("coordinator"))


def test_withdrawing_from_the_panel_gives_the_days_back() -> None:
    match = agreed_over(90 * DAY, panel_from=90 * DAY)
    actions.send_to_panel(match, by=people.person("coordinator"))
    take(match, "withdraw", by=people.person("giver"), reason="Our team changed")
    assert match.state is MatchState.WITHDRAWN and reserved(match) == 0


def test_a_need_that_is_withdrawn_closes_what_was_agreed_about_it() -> None:
    from broker.needs import actions as needs

    match = make.agreed()
    needs.withdraw(db.session.get_one(Need, match.need_id), by=people.person("receiver"))
    db.session.refresh(match)
    assert match.state is MatchState.NOT_NEEDED_NOW and reserved(match) == 0
