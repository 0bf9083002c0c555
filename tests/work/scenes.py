"""One scene for each awaited verb: who is waited for, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.agreements import actions as agreements
from broker.agreements.queries import agreement_of
from broker.conversations import actions as conversations
from broker.db import db
from broker.endings import actions as endings
from broker.extensions import actions as extensions
from broker.extras import actions as extras
from broker.facts import review
from broker.matches import actions as matches
from broker.models.authority import Grade
from broker.models.extension import Extension
from broker.models.match import Answer, Match, Side, Vote
from broker.models.partnership import Holds
from broker.models.readiness import Readiness
from broker.models.return_ import Return, ReturnSection
from broker.needs import actions as needs
from broker.offers import actions as offers
from broker.offers import joint
from broker.plans import actions as plans
from broker.readiness import actions as readiness
from broker.recordings import actions as recordings
from broker.returns import actions as returns
from broker.returns import sections
from broker.reviews import actions as reviews
from broker.rounds import actions as rounds
from broker.system import the_system
from broker.taking import take
from broker.work.queries import waiting_on
from tests import make, people
from tests.make import DAY
from tests.returns import walk


def waits(name: str) -> list[tuple[str, str]]:
    """(what, about what) for everything that waits on somebody of the cast."""
    db.session.flush()
    return [(one.label, one.title) for one in waiting_on(people.person(name))]


def who_waits(label: str) -> set[str]:
    """Who of the cast has this before them."""
    parts = {name: " or ".join(what for what, _ in waits(name)).lower() for name in people.NAMES}
    return {name for name, said in parts.items() if label.lower() in said.split(" or ")}


Undone = Callable[[], None]


def send_recording() -> tuple[set[str], Undone]:
    made, lead = make.recording(), people.person("giver_lead")
    return {"giver", "giver_lead"}, lambda: recordings.send(made, by=lead)


def confirm_recording() -> tuple[set[str], Undone]:
    made, lead = make.recording(until="sent"), people.person("receiver_lead")
    return {"receiver", "receiver_lead"}, lambda: recordings.confirm(made, by=lead)


def note_recording() -> tuple[set[str], Undone]:
    made, deputy = make.recording(until="confirmed"), people.person("deputy")
    return {"coordinator", "deputy"}, lambda: recordings.note(made, by=deputy)


def take_up_or_decline() -> tuple[set[str], Undone]:
    made = make.suggested_need()
    return {
        "receiver",
        "receiver_lead",
    }, lambda: take(made, "decline", by=people.person("receiver_lead")) and None


def publish() -> tuple[set[str], Undone]:
    offer = make.offer(published=False)
    offers.hand_over(offer, by=people.person("giver_lead"))
    return {"giver"}, lambda: offers.publish(offer, by=people.person("giver")) and None


def sign_off() -> tuple[set[str], Undone]:
    offer, lead = make.offer(), people.person("giver_lead")
    offers.begin_revision(offer, by=lead)
    offers.write_in(offer, {"days_most": 70 * DAY}, by=lead)
    offers.hand_over(offer, by=lead)
    return {"giver"}, lambda: offers.sign_off(offer, by=people.person("giver")) and None


def join() -> tuple[set[str], Undone]:
    offer, lead = make.offer(published=False), people.person("giver_lead")
    offers.write_in(offer, {"partners": (people.authority(people.OTHER),)}, by=lead)
    joint.ask_partners(offer, by=lead)
    return {"other"}, lambda: joint.join(offer, by=people.person("other")) and None


def submit() -> tuple[set[str], Undone]:
    need = make.need(until="in_confidence")
    return {"receiver"}, lambda: needs.submit(need, by=people.person("receiver")) and None


def check_readiness() -> tuple[set[str], Undone]:
    need = make.need(until="submitted", days=24 * DAY)
    return {"coordinator", "deputy"}, lambda: make.opened(need) and None


def see_readiness() -> tuple[set[str], Undone]:
    need = make.checked(make.need(until="submitted", days=24 * DAY))
    lead = people.person("receiver_lead")
    return {"receiver", "receiver_lead"}, lambda: readiness.see(need, comment="", by=lead)


def open_need() -> tuple[set[str], Undone]:
    need = make.need(until="submitted")
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: needs.open_need(need, by=deputy) and None


def ask() -> tuple[set[str], Undone]:
    suggestion = make.suggestion(make.need(), make.offer())
    lead = people.person("receiver_lead")
    return {
        "receiver",
        "receiver_lead",
    }, lambda: conversations.ask(suggestion, message="May we talk?", by=lead) and None


def accept() -> tuple[set[str], Undone]:
    talk = make.conversation()
    lead = people.person("giver_lead")
    return {"giver", "giver_lead"}, lambda: conversations.accept(talk, by=lead) and None


def record_outcome() -> tuple[set[str], Undone]:
    talk = make.conversation()
    conversations.accept(talk, by=people.person("giver"))
    conversations.record_outcome(
        talk, side=Side.RECEIVER, answer=Answer.YES, by=people.person("receiver")
    )
    return (
        {"giver", "giver_lead"},
        lambda: (
            conversations.record_outcome(
                talk, side=Side.PROVIDER, answer=Answer.YES, by=people.person("giver_lead")
            )
            and None
        ),
    )


def agree() -> tuple[set[str], Undone]:
    make.capacity()
    match = make.match()
    matches.agree(match, by=people.person("receiver"))
    return {"giver"}, lambda: matches.agree(match, by=people.person("giver")) and None


def approve() -> tuple[set[str], Undone]:
    match = make.agreed()
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: matches.approve(match, by=deputy) and None


def for_panel() -> Match:
    make.capacity({make.next_quarter(): 60 * DAY})
    need = make.opened(make.need(days=24 * DAY, until="submitted"), Readiness.CONDITIONAL)
    return make.agreed(make.match(need))


def send_to_panel() -> tuple[set[str], Undone]:
    match = for_panel()
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: matches.send_to_panel(match, by=deputy) and None


def vote() -> tuple[set[str], Undone]:
    match = for_panel()
    matches.send_to_panel(match, by=people.person("coordinator"))
    people.person("panel_5").employer = people.authority("Leeds")

    def everybody_votes() -> None:
        for number in (1, 2, 3):
            member = people.person(f"panel_{number}")
            assert ("Vote", match.title) in waits(f"panel_{number}")
            matches.vote(match, vote=Vote.FOR, reason="Clear", by=member)
            assert waits(f"panel_{number}") == []

    return {"panel_1", "panel_2", "panel_3", "panel_4"}, everybody_votes


def adopt() -> tuple[set[str], Undone]:
    round_ = rounds.run(
        programme=people.programme(),
        region=people.region(people.NORTH_WEST),
        aim="fit",
        by=people.person("coordinator"),
    )
    for verb in ("start", "finish"):
        take(round_, verb, by=the_system())
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: take(round_, "withdraw", by=deputy) and None


def clear_flag() -> tuple[set[str], Undone]:
    partnership = make.partnership()
    make.judged(people.GIVER, Grade.REQUIRES_IMPROVEMENT, date(2026, 11, 10))
    review.review(by=the_system())
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: review.clear(
        partnership, reason="Both want it to go on.", by=deputy
    )


def agree_to_the_agreement() -> tuple[set[str], Undone]:
    made = agreement_of(make.partnership())
    assert made is not None
    terms = agreements.Terms(*["As we said."] * 7)
    agreements.write(made, terms, [], by=people.person("giver_lead"))
    agreements.agree(made, by=people.person("receiver"))
    director = people.person("giver")
    return {"giver"}, lambda: agreements.agree(made, by=director) and None


def agree_to_the_plan() -> tuple[set[str], Undone]:
    made = make.complete_plan(make.partnership())
    plans.agree(made, by=people.person("receiver"))
    lead = people.person("giver_lead")
    return {"giver", "giver_lead"}, lambda: plans.agree(made, by=lead) and None


def agree_to_more() -> tuple[set[str], Undone]:
    more = make.extension(make.begun(), agreed=False)
    extensions.agree(more, by=people.person("receiver"))
    return {"giver"}, lambda: extensions.agree(more, by=people.person("giver")) and None


def approve_more() -> tuple[set[str], Undone]:
    more = make.extension(make.begun())
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: extensions.approve(more, by=deputy) and None


def more_for_the_panel() -> Extension:
    own = people.programme()
    own.rules = {**own.rules, "panel_from": 9 * DAY}
    return make.extension(make.begun())


def send_more_to_panel() -> tuple[set[str], Undone]:
    more = more_for_the_panel()
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: extensions.send_to_panel(more, by=deputy) and None


def vote_on_more() -> tuple[set[str], Undone]:
    more = more_for_the_panel()
    extensions.send_to_panel(more, by=people.person("coordinator"))
    people.person("panel_5").employer = people.authority("Leeds")

    def everybody_votes() -> None:
        for number in (1, 2, 3):
            member = people.person(f"panel_{number}")
            assert ("Vote on more days", more.title) in waits(f"panel_{number}")
            extensions.vote(more, vote=Vote.FOR, reason="Clear", by=member)
            assert waits(f"panel_{number}") == []

    return {"panel_1", "panel_2", "panel_3", "panel_4"}, everybody_votes


def read_report() -> tuple[set[str], Undone]:
    within, lead = make.reported(), people.person("receiver_lead")
    return {
        "receiver",
        "receiver_lead",
    }, lambda: endings.read_report(within, comment="", by=lead) and None


def look_back() -> tuple[set[str], Undone]:
    """Half a year after the end, which was half a year ago."""
    with clock.set_to(date(2026, 5, 4)):
        within = make.ended()
    lead = people.person("receiver_lead")
    return {
        "receiver",
        "receiver_lead",
    }, lambda: endings.look_back(within, Holds.YES, words="Visits are in time.", by=lead) and None


def close() -> tuple[set[str], Undone]:
    lead = people.person("receiver_lead")
    with clock.set_to(date(2025, 10, 6)):
        within = make.ended()
    for day in (date(2026, 4, 13), date(2026, 10, 12)):
        with clock.set_to(day):
            endings.look_back(within, Holds.YES, words="Visits are in time.", by=lead)
    deputy = people.person("deputy")
    return {"coordinator", "deputy"}, lambda: take(within, "close", by=deputy) and None


def confirm() -> tuple[set[str], Undone]:
    day = make.day(make.partnership())
    lead = people.person("receiver_lead")
    return {"receiver", "receiver_lead"}, lambda: take(day, "confirm", by=lead) and None


def answer() -> tuple[set[str], Undone]:
    day = make.day(make.partnership())
    take(day, "query", by=people.person("receiver"), reason="Half a day by our diary")
    lead = people.person("giver_lead")
    return {
        "giver",
        "giver_lead",
        "practitioner",
    }, lambda: take(day, "answer", by=lead, reason="It was a whole day") and None


def give_feedback() -> tuple[set[str], Undone]:
    partnership = make.steady()
    return {"receiver", "receiver_lead"}, lambda: make.feedback(partnership) and None


def see_showing() -> tuple[set[str], Undone]:
    said = make.feedback(make.steady())
    return {"giver", "giver_lead"}, lambda: make.read_first(said)


def give_learning() -> tuple[set[str], Undone]:
    partnership = make.steady()
    return {"giver", "giver_lead"}, lambda: make.learned(partnership) and None


def ask_staff() -> tuple[set[str], Undone]:
    partnership = make.steady()
    return (
        {"receiver", "receiver_lead", "giver", "giver_lead"},
        lambda: make.pulse(partnership) and None,
    )


def begin_review() -> tuple[set[str], Undone]:
    with clock.set_to(date(2026, 9, 1)):
        partnership = make.partnership()
    lead = people.person("receiver_lead")
    return (
        {"receiver", "receiver_lead", "giver", "giver_lead"},
        lambda: reviews.begin(partnership, by=lead) and None,
    )


def answer_review() -> tuple[set[str], Undone]:
    review = reviews.begin(make.partnership(), by=people.person("receiver_lead"))
    reviews.answer(review, make.seeing(review), by=people.person("receiver"))
    lead = people.person("giver_lead")
    return {"giver", "giver_lead"}, lambda: reviews.answer(review, make.seeing(review), by=lead)


def record_review() -> tuple[set[str], Undone]:
    review = reviews.begin(make.partnership(), by=people.person("receiver_lead"))
    for name in ("receiver", "giver"):
        reviews.answer(review, make.seeing(review), by=people.person(name))
    return (
        {"receiver", "receiver_lead", "giver", "giver_lead"},
        lambda: reviews.record(review, make.record(), by=people.person("giver_lead")),
    )


def a_return(*, is_written: bool = True) -> Return:
    pip, last = people.programme("pip"), clock.this_quarter() - 1
    with clock.set_to(last.first_day):
        make.capacity({last: 5 * DAY}, programme=pip)
    opened = returns.open_return(
        provider_id=people.authority("Leeds").id, programme=pip, quarter=last, by=the_system()
    )
    if is_written:
        returns.write(opened, outcomes="Steadier", priorities="", by=people.person("giver_lead"))
    return opened


def agree_extra() -> tuple[set[str], Undone]:
    make.capacity({clock.this_quarter() + n: 10 * DAY for n in range(2)})
    extra = make.extra(make.partnership(make.agreed(make.match())))
    return {"giver"}, lambda: extras.agree(extra, by=people.person("giver")) and None


def hand_over() -> tuple[set[str], Undone]:
    made = a_return()
    lead = people.person("giver_lead")
    return {"giver_lead"}, lambda: take(made, "hand_over", by=lead) and None


def certify() -> tuple[set[str], Undone]:
    made = a_return()
    return {"giver"}, lambda: returns.certify(made, by=people.person("giver")) and None


def read_section() -> tuple[set[str], Undone]:
    last = clock.this_quarter() - 1
    with clock.set_to(last.first_day + timedelta(days=7)):
        walk.partnership()
    sections.show(a_return(), by=people.person("giver"))
    section = db.session.scalars(select(ReturnSection)).unique().one()
    lead = people.person("receiver_lead")
    return {"receiver", "receiver_lead"}, lambda: sections.read(section, comment="", by=lead)


def accept_return() -> tuple[set[str], Undone]:
    made = a_return()
    returns.certify(made, by=people.person("giver"))
    return {"manager"}, lambda: take(made, "accept", by=people.person("manager")) and None


SCENES: dict[tuple[str, str], Callable[[], tuple[set[str], Undone]]] = {
    ("offer", "publish"): publish,
    ("recording", "send"): send_recording,
    ("recording", "confirm"): confirm_recording,
    ("recording", "note"): note_recording,
    ("suggested_need", "take_up"): take_up_or_decline,
    ("suggested_need", "decline"): take_up_or_decline,
    ("offer", "sign_off"): sign_off,
    ("offer", "join"): join,
    ("need", "submit"): submit,
    ("need", "check_readiness"): check_readiness,
    ("need", "see_readiness"): see_readiness,
    ("need", "open"): open_need,
    ("suggestion", "ask"): ask,
    ("conversation", "accept"): accept,
    ("conversation", "record_outcome"): record_outcome,
    ("match", "agree"): agree,
    ("match", "approve"): approve,
    ("match", "send_to_panel"): send_to_panel,
    ("match", "vote"): vote,
    ("round", "adopt"): adopt,
    ("partnership", "clear_flag"): clear_flag,
    ("working_agreement", "agree"): agree_to_the_agreement,
    ("plan", "agree"): agree_to_the_plan,
    ("extension", "agree"): agree_to_more,
    ("extension", "approve"): approve_more,
    ("extension", "send_to_panel"): send_more_to_panel,
    ("extension", "vote"): vote_on_more,
    ("partnership", "read_report"): read_report,
    ("partnership", "look_back"): look_back,
    ("partnership", "close"): close,
    ("support_day", "confirm"): confirm,
    ("support_day", "answer"): answer,
    ("extra", "agree"): agree_extra,
    ("partnership", "give_feedback"): give_feedback,
    ("showing", "see"): see_showing,
    ("partnership", "give_learning"): give_learning,
    ("partnership", "begin_review"): begin_review,
    ("review", "answer"): answer_review,
    ("review", "record"): record_review,
    ("partnership", "ask_staff"): ask_staff,
    ("return", "hand_over"): hand_over,
    ("return", "certify"): certify,
    ("return", "accept"): accept_return,
    ("return_section", "read"): read_section,
}
