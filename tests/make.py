"""Records for tests, made by walking the product's own verbs with the cast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from broker import clock
from broker.agreements import actions as agreements
from broker.agreements.queries import agreement_of
from broker.capacity import actions as capacities
from broker.clock import Quarter, this_quarter
from broker.conversations import actions as conversations
from broker.conversations import times
from broker.day_imports import actions as day_imports
from broker.db import db
from broker.endings import actions as endings
from broker.events import Recorded
from broker.exceptions import actions as exceptions
from broker.extensions import actions as extensions
from broker.extras import actions as extras
from broker.facts import actions as facts
from broker.feedback import actions as says
from broker.feedback.actions import Answers, Learned
from broker.help import actions as helping
from broker.interventions import actions as interventions
from broker.interventions.actions import Period
from broker.matches import actions as matches
from broker.models.agreement import WorkingAgreement
from broker.models.authority import Area, Grade, Judgement
from broker.models.day_import import DayImport
from broker.models.exception import EligibilityException
from broker.models.extension import Extension
from broker.models.extra import Extra
from broker.models.fact_import import FactImport, Kind
from broker.models.help import LiveHelp
from broker.models.intervention import Intervention, InterventionKind
from broker.models.learning import ProviderFeedback
from broker.models.ledger import Capacity
from broker.models.match import Answer, Conversation, Match, Origin, Side, Suggestion
from broker.models.need import Need
from broker.models.offer import Delivery, Evidence, Offer
from broker.models.partnership import Feedback, PartInPlan, Partnership, SupportDay
from broker.models.person import Person, Role
from broker.models.plan import Collected, Horizon, MeasureKind, Plan, PlanState
from broker.models.programme import Programme, Theme
from broker.models.pulse import Pulse
from broker.models.readiness import Readiness, WayOn
from broker.models.recording import Recording
from broker.models.review import Asked, Review
from broker.models.searching import SavedSearch
from broker.models.showing import Showing
from broker.models.signing import BESIDE_THE_DIRECTOR
from broker.models.suggested_need import SuggestedNeed
from broker.needs import actions as needs
from broker.offers import actions as offers
from broker.partnerships import actions as partnerships
from broker.permissions import authority_it_is_shown_to
from broker.plans import actions as plans
from broker.plans.measures import MeasureTerms
from broker.plans.queries import standing_plan
from broker.prospectus import actions as searching
from broker.prospectus.asked import read
from broker.pulse import actions as pulses
from broker.readiness import actions as readiness
from broker.recordings import actions as recordings
from broker.recordings.agreed import Agreed, Given
from broker.reviews import actions as reviews
from broker.reviews.actions import Answer as ReviewAnswer
from broker.reviews.actions import Decision, Measure, Record
from broker.showings import actions as showings
from broker.showings.queries import shown_of
from broker.signing import actions as signing
from broker.suggested_needs import actions as suggested_needs
from broker.support_days import actions as support_days
from broker.support_days.entry import Entry
from broker.taking import take
from tests import people

DAY = 4  # a day, in quarter-days


def theme(code: str = "") -> Theme:
    """A theme by its code; without one, the first that stands under a heading."""
    wanted = select(Theme).where(Theme.parent_id.is_not(None)).order_by(Theme.id)
    if code:
        wanted = wanted.where(Theme.code == code)
    return db.session.scalars(wanted.limit(1)).one()


def exception(name: str = "Wirral", *, code: str = "pip") -> EligibilityException:
    """Wirral may provide under Partners in Practice until 1 June, by its coordinator's word."""
    return exceptions.grant(
        provider=people.authority(name),
        programme=people.programme(code),
        because="Its front door is known for its work with families.",
        expires_on=date(2027, 6, 1),
        by=people.person("coordinator"),
    )


def fact_import() -> FactImport:
    """A file of judgements that was looked at and not applied."""
    header = "code,published,inspected,framework,kind,overall,leaders,help_and_protection"
    line = "E08000035,2026-11-12,,ILACS,standard inspection,good,good,good"
    content = f"{header},children_in_care,care_leavers,standing\n{line},good,good,official\n"
    by = people.person("administrator")
    return facts.show(
        kind=Kind.JUDGEMENTS, file_name="outcomes.csv", content=content.encode(), by=by
    )


def judged(name: str, grade: Grade | None, on: date, **more: Any) -> Judgement:
    """A judgement with one grade throughout, the overall one left out as since April 2026."""
    areas = {} if grade is None else {area.value: grade for area in Area}
    place = people.authority(name)
    facts = {
        "framework": "ILACS",
        "kind": "standard inspection",
        "source": "A made-up report",
        "is_official": True,
    }
    made = Judgement(authority=place, published_on=on, **facts, **areas, **more)
    db.session.add(made)
    db.session.flush()
    db.session.expire(place, ["judgements"])
    return made


def next_quarter() -> Quarter:
    return this_quarter() + 1


def offer(
    *,
    giver: str = "giver",
    title: str = "Help at the front door",
    programme: Programme | None = None,
    published: bool = True,
    most: int = 60 * DAY,
) -> Offer:
    """An offer of Leeds's (or of another giver's authority), published unless told otherwise."""
    by = people.person(giver)
    made = offers.draft(
        provider=by.memberships[0].authority,
        programme=programme or people.programme(),
        terms=offer_terms(title=title, most=most),
        by=by,
    )
    if published:
        offers.publish(made, by=by)
    return made


def director_of(name: str) -> Person:
    """A director of any authority, made when there is none in the cast."""
    known = db.session.scalars(select(Person).filter_by(name=f"Director, {name}")).one_or_none()
    place = people.authority(name)
    return known or people.add(f"director-{place.code}", Role.DIRECTOR, authority=place)


def offer_by(by: Person, *, title: str) -> Offer:
    """A published offer of a director's own authority, under Own days."""
    place = by.memberships[0].authority
    assert place is not None
    terms = offer_terms(title=title)
    made = offers.draft(provider=place, programme=people.programme(), terms=terms, by=by)
    offers.publish(made, by=by)
    return made


def offer_terms(
    *, title: str = "Help at the front door", most: int = 60 * DAY
) -> offers.OfferTerms:
    return offers.OfferTerms(
        title=title,
        what_we_do="We sit beside your team, look at decisions together and leave tools behind.",
        themes=(offers.Backed(theme(), Evidence.EVALUATED, "https://example.org/evaluation"),),
        choices=(),
        delivery=Delivery.EITHER,
        days_least=DAY,
        days_most=most,
    )


def small_ask(about: Offer, *, by: str = "receiver") -> Need:
    """An ask in a minute about an offer."""
    person = people.person(by)
    place = person.memberships[0].authority
    assert place is not None
    return conversations.small_ask(
        about,
        receiver=place,
        title="A few days on thresholds",
        theme=about.current.themes[0].theme,
        days=5 * DAY,
        quarter=next_quarter(),
        message="Could we hear how you did it?",
        by=person,
    )


def saved_search(query: str = "q=front+door", *, by: str = "receiver") -> SavedSearch:
    """A search that somebody keeps under a name."""
    asked = read(MultiDict(parse_qsl(query)))
    return searching.save(asked, name="Front door", by=people.person(by))


def capacity(
    days: Mapping[Quarter, int] | None = None,
    *,
    giver: str = "giver",
    programme: Programme | None = None,
    at_once: int | None = None,
) -> Capacity:
    """Confirmed days: ten in each of the next four quarters unless told otherwise."""
    by = people.person(giver)
    provider = by.memberships[0].authority
    assert provider is not None
    return capacities.confirm(
        provider=provider,
        programme=programme or people.programme(),
        days=days or {next_quarter() + n: 10 * DAY for n in range(4)},
        by=by,
        at_once=at_once,
    )


def need_terms(
    *, title: str = "A steadier front door", days: int = 8 * DAY, first: Quarter | None = None
) -> needs.NeedTerms:
    return needs.NeedTerms(
        title=title,
        themes=(theme(),),
        choices=(),
        days_wanted=days,
        days_least=DAY,
        first_quarter=first or next_quarter(),
        change_wanted="Children are seen sooner.",
        strengths="A settled team of practice leaders.",
    )


def need(
    *,
    title: str = "A steadier front door",
    days: int = 8 * DAY,
    programme: Programme | None = None,
    until: str = "open",
    first: Quarter | None = None,
) -> Need:
    """A need of Wirral's, walked to 'private', 'in_confidence', 'submitted' or 'open'."""
    lead, director = people.person("receiver_lead"), people.person("receiver")
    made = needs.describe(
        receiver=people.authority(people.RECEIVER),
        programme=programme or people.programme(),
        terms=need_terms(title=title, days=days, first=first),
        by=lead,
    )
    if until == "in_confidence":
        take(made, "share", by=lead)
    if until in ("submitted", "open"):
        needs.submit(made, by=director)
    if until == "open":
        opened(made)
    return made


def signed(made: Need) -> Need:
    """A need that its chief executive and its lead member have signed."""
    for signer in BESIDE_THE_DIRECTOR:
        signing.sign(made, signer, by=signing.signatory(made.receiver, signer))
    return made


def checked(made: Need, outcome: Readiness = Readiness.READY) -> Need:
    """A submitted need with a readiness check, as the coordinator records it."""
    is_ready = outcome is Readiness.READY
    condition = readiness.Condition("A lead is named.", "Director", date(2027, 1, 29))
    readiness.check_readiness(
        made,
        outcome=outcome,
        evidence="Improvement board papers seen.",
        conditions=() if is_ready else (condition,),
        way_on=WayOn.EARLY_HELP if outcome is Readiness.NOT_READY else None,
        by=people.person("coordinator"),
    )
    return made


def opened(made: Need, outcome: Readiness = Readiness.READY) -> Need:
    """A submitted need: signed, checked and read where that must be, and opened."""
    if not made.is_small:
        checked(signed(made), outcome)
        readiness.see(made, comment="", by=people.person("receiver_lead"))
    needs.open_need(made, by=people.person("coordinator"))
    return made


def suggested_need(*, by: str = "coordinator", title: str = "Steadier decisions") -> SuggestedNeed:
    """Something that the region, the Department or an adviser puts to Wirral."""
    return suggested_needs.suggest(
        receiver=people.authority(people.RECEIVER),
        theme=theme(),
        title=title,
        strengths="A settled team.",
        because="Decisions differ from team to team.",
        days=6 * DAY,
        by=people.person(by),
    )


def live_help(helper: str = "Improvement board adviser", *, days: int | None = 3 * DAY) -> LiveHelp:
    """Help that Wirral has from outside the exchange, on the usual theme."""
    said = helping.Said(helper, theme(), clock.today(), what="Chairs the board", each_quarter=days)
    return helping.enter(people.authority(people.RECEIVER), said, by=people.person("receiver_lead"))


def suggestion(made: Need, given: Offer, *, by: str = "receiver") -> Suggestion:
    return conversations.suggest(made, given, origin=Origin.ASK, by=people.person(by))


def conversation(made: Need | None = None, given: Offer | None = None) -> Conversation:
    """An ask that waits for an answer."""
    made, given = made or need(), given or offer()
    asked = suggestion(made, given)
    return conversations.ask(
        asked, message="Could we talk about your front door?", by=people.person("receiver")
    )


def meeting(made: Need | None = None, given: Offer | None = None) -> Conversation:
    """A conversation that was accepted, with a time chosen a fortnight ahead."""
    talk = conversation(made, given)
    conversations.accept(talk, by=people.person("giver"))
    start = clock.now() + timedelta(days=14)
    [only] = times.propose_times(
        talk, starts=[start], minutes=60, place="By telephone", by=people.person("giver")
    )
    times.choose_time(talk, only.id, by=people.person("receiver"))
    return talk


def match(made: Need | None = None, given: Offer | None = None, *, giver: str = "giver") -> Match:
    """A match whose two sides have talked and both said yes."""
    talk = conversation(made, given)
    return talked(talk, giver=giver)


def match_from(asked: Suggestion) -> Match:
    """A match from a suggestion that the receiver took up."""
    talk = conversations.ask(asked, message="May we talk?", by=people.person("receiver"))
    return talked(talk)


def talked(talk: Conversation, *, giver: str = "giver") -> Match:
    """The match of a conversation that was accepted and in which both said yes."""
    conversations.accept(talk, by=people.person(giver))
    for side, name in ((Side.RECEIVER, "receiver"), (Side.PROVIDER, giver)):
        conversations.record_outcome(talk, side=side, answer=Answer.YES, by=people.person(name))
    return db.session.scalars(select(Match).filter_by(conversation_id=talk.id)).unique().one()


def agreed(made: Match | None = None, *, giver: str = "giver") -> Match:
    """A match that both directors agreed to, in words for why one provider was enough."""
    if made is None:
        capacity()
        made = match()
    matches.explain_one(
        made, because="They solved this very problem.", by=people.person("receiver")
    )
    matches.agree(made, by=people.person("receiver"))
    matches.agree(made, by=people.person(giver))
    return made


def recording(
    *,
    until: str = "written",
    given: Sequence[tuple[date, int]] = ((date(2026, 10, 12), 6),),
    to_come: Mapping[Quarter, int] | None = None,
    by: str = "giver_lead",
) -> Recording:
    """Help that Leeds and Wirral agreed elsewhere: 'written', 'sent' or 'confirmed'."""
    side = Side.PROVIDER if by.startswith("giver") else Side.RECEIVER
    made = recordings.begin(
        agreed_elsewhere(to_come),
        side,
        given=[Given(on, days, "Looked at decisions together") for on, days in given],
        by=people.person(by),
    )
    if until in ("sent", "confirmed"):
        recordings.send(made, by=people.person(by))
    if until == "confirmed":
        other = "receiver" if side is Side.PROVIDER else "giver"
        recordings.confirm(made, by=people.person(other))
    return made


def agreed_elsewhere(to_come: Mapping[Quarter, int] | None = None) -> Agreed:
    return Agreed(
        provider=people.authority(people.GIVER),
        receiver=people.authority(people.RECEIVER),
        programme=people.programme(),
        theme=theme(),
        title="Agreed over the phone",
        starts_on=date(2026, 9, 1),
        aims="Children are seen sooner.",
        to_come=to_come,
    )


def partnership(made: Match | None = None) -> Partnership:
    """A partnership from an approved match."""
    approved = made or agreed()
    matches.approve(approved, by=people.person("coordinator"))
    return db.session.scalars(select(Partnership).filter_by(match_id=approved.id)).unique().one()


DAYS_FILE = b"Date,Days,What was done,How\n20/11/2026,0.5,Joint audit,on site\n"


def day(
    within: Partnership,
    *,
    quarter_days: int = DAY,
    on: date | None = None,
    is_extra: bool = False,
    by: str = "giver_lead",
) -> SupportDay:
    """A support day, logged by the giving lead; another one whatever is logged on its date."""
    entry = Entry(
        given_on=on or clock.today(),
        quarter_days=quarter_days,
        activity="Looked at decisions together",
        delivery=Delivery.ON_SITE,
        is_extra=is_extra,
    )
    return support_days.log(within, entry, is_another=True, by=people.person(by))


def extra(within: Partnership, *, quarter_days: int = DAY) -> Extra:
    """Extra days in this quarter, proposed by the receiver's lead."""
    return extras.propose(
        within,
        quarter=clock.this_quarter(),
        quarter_days=quarter_days,
        because="The team asked for one more visit.",
        by=people.person("receiver_lead"),
    )


def day_import(
    within: Partnership, content: bytes = DAYS_FILE, *, by: str = "giver_lead"
) -> DayImport:
    """A spreadsheet of days that was looked at."""
    return day_imports.show(within, file_name="days.csv", content=content, by=people.person(by))


def agreed_agreement(within: Partnership) -> WorkingAgreement:
    """How two sides work together, agreed by both directors."""
    made = agreement_of(within)
    assert made is not None
    terms = agreements.Terms(
        aims_receiver=made.aims_receiver,
        aims_provider="To test our own tools on another front door.",
        scope_in=made.scope_in,
        scope_out="Fostering.",
        decides=made.decides,
        boundaries="No casework.",
        no_surprises=made.no_surprises,
    )
    kpis = [("Decisions within a day", clock.today() + timedelta(days=90))]
    agreements.write(made, terms, kpis, by=people.person("receiver_lead"))
    for name in ("receiver", "giver"):
        agreements.agree(made, by=people.person(name))
    return made


def complete_plan(within: Partnership) -> Plan:
    """The plan that is being written, with a measure and somebody to carry each objective on."""
    made = next(one for one in plans_of(within) if one.state is PlanState.BEING_WRITTEN)
    lead = people.person("receiver_lead")
    for objective in list(made.objectives):
        terms = plans.ObjectiveTerms(
            objective.aim, objective.theme, Horizon.MEDIUM, "Head of the front door"
        )
        plans.put_objective(made, objective.key, terms, by=lead)
        if not objective.measures:
            plans.put_measure(objective, None, measure_terms(), by=lead)
    return made


def measure_terms(**changed: Any) -> MeasureTerms:
    """A measure with a baseline in words, that makes no claim of before and after."""
    usual = MeasureTerms(
        name="What families say about their first call",
        kind=MeasureKind.QUALITATIVE,
        target="Most say that they were heard.",
        collected=Collected.QUARTERLY,
        baseline="Many say that they had to call twice.",
        baseline_source="Twelve calls listened to",
    )
    return replace(usual, **changed)


def plans_of(within: Partnership) -> list[Plan]:
    found = select(Plan).filter_by(partnership_id=within.id).order_by(Plan.number)
    return list(db.session.scalars(found).unique())


def agreed_plan(within: Partnership) -> Plan:
    """A plan that both sides agreed to."""
    made = complete_plan(within)
    for name in ("receiver_lead", "giver_lead"):
        plans.agree(made, by=people.person(name))
    return made


def begun(within: Partnership | None = None) -> Partnership:
    """A partnership whose sides agreed how they work and what they plan."""
    opened = within or partnership()
    agreed_agreement(opened)
    agreed_plan(opened)
    return opened


def steady(within: Partnership | None = None) -> Partnership:
    """A partnership at its mid-point."""
    walked = begun(within)
    for _ in range(2):
        take(walked, "move_on", by=people.person("receiver"))
    return walked


def met(**changed: Any) -> endings.Tests:
    """The three tests and the budget, all met unless told otherwise."""
    usual = endings.Tests(
        performance_met=True,
        performance="Visits are in time for two quarters.",
        capacity_met=True,
        capacity="Two managers run it.",
        succession_met=True,
        succession="A deputy is named.",
        budget_protected=True,
        budget="In the budget until 2029.",
    )
    return replace(usual, **changed)


def tapering(within: Partnership | None = None) -> Partnership:
    """A partnership in its last phase."""
    walked = steady(within)
    take(walked, "move_on", by=people.person("receiver"))
    return walked


def ready_to_end(within: Partnership | None = None) -> Partnership:
    """A tapering partnership whose tests are met and whose strands have a home."""
    walked = tapering(within)
    lead = people.person("receiver_lead")
    plan = standing_plan(walked)
    assert plan is not None
    for strand in plan.objectives:
        endings.hand_over(walked, strand, to_whom="Head of the front door", note="", by=lead)
    endings.record_tests(walked, met(), by=lead)
    return walked


def ended(within: Partnership | None = None) -> Partnership:
    """A partnership that ended as planned."""
    walked = ready_to_end(within)
    partnerships.end(walked, reason="The tests are met.", by=people.person("receiver"))
    return walked


def report(**changed: Any) -> endings.Report:
    """A closing report."""
    usual = endings.Report(
        changed="Children are seen within a day.",
        worked="Sitting beside managers.",
        did_not_work="The weekly meeting.",
        taper_words="As planned.",
        carries_on="The head of the front door.",
    )
    return replace(usual, **changed)


def reported(within: Partnership | None = None) -> Partnership:
    """An ended partnership with a closing report that its receiver has not read yet."""
    walked = within or ended()
    endings.write_report(walked, report(), by=people.person("giver_lead"))
    return walked


def extension(
    within: Partnership,
    *,
    days: int = 2 * DAY,
    agreed: bool = True,
    quarter: Quarter | None = None,
) -> Extension:
    """More days in the next quarter, agreed by both directors unless told otherwise."""
    first = quarter or next_quarter()
    made = extensions.propose(
        within,
        days={first: days},
        exit_on=first.last_day,
        because="The second team begins later.",
        by=people.person("receiver_lead"),
    )
    for name in ("receiver", "giver") if agreed else ():
        extensions.agree(made, by=people.person(name))
    return made


def answers(**changed: Any) -> Answers:
    """A receiver's answers about a partnership."""
    usual = Answers(
        part_in_plan=PartInPlan.CENTRAL,
        outcomes_helped="Children are seen within a day.",
        what_worked="Sitting beside our managers.",
        effectiveness=4,
        would_recommend=True,
    )
    return replace(usual, **changed)


def feedback(within: Partnership, *, by: str = "receiver", **changed: Any) -> Feedback:
    """What Wirral says of a partnership at the moment."""
    return says.answer(within, answers(**changed), by=people.person(by))


def learned(within: Partnership, *, by: str = "giver_lead", **changed: Any) -> ProviderFeedback:
    """What Leeds says it learned from a partnership at the moment."""
    usual = Learned("To listen first.", "We audit together now.", worth=4, would_again=True)
    return says.say_what_was_learned(within, replace(usual, **changed), by=people.person(by))


def seeing(review: Review, rating: int = 4, **others: int) -> dict[Asked, ReviewAnswer]:
    """One side's answers for a review: the same rating throughout, but for those named."""
    return {
        asked: ReviewAnswer(others.get(asked.value, rating), "We saw it ourselves.")
        for asked in review.asks
    }


def review(within: Partnership, *, receiver: int = 4, provider: int = 4, **others: int) -> Review:
    """A recorded review; each side sees everything alike, but for what the receiver names."""
    begun = reviews.begin(within, by=people.person("receiver_lead"))
    reviews.answer(begun, seeing(begun, receiver, **others), by=people.person("receiver_lead"))
    reviews.answer(begun, seeing(begun, provider), by=people.person("giver_lead"))
    reviews.record(begun, record(), by=people.person("giver"))
    return begun


def record(**changed: Any) -> Record:
    """What came of a review."""
    usual = Record(
        held_on=clock.today(),
        summary="Decisions are quicker, and families notice.",
        measures=(Measure("Seen in a day", "7 of 10", clock.today(), "Our own audit"),),
        decisions=(Decision("Audit together", "Improvement lead", date(2027, 1, 29)),),
    )
    return replace(usual, **changed)


def read_first(thing: Recorded, *, by: str = "giver_lead", comment: str = "") -> None:
    """An authority says that it has read what would go out about a record."""
    for showing in shown_of(thing.noun, [thing.id])[thing.id]:
        if permitted(showing, by):
            showings.see(showing, comment=comment, by=people.person(by))


def permitted(showing: Showing, name: str) -> bool:
    return authority_it_is_shown_to(people.person(name), showing) is not None


def pulse(within: Partnership | None = None, *, count: int = 8) -> tuple[Pulse, list[str]]:
    """A staff pulse that takes answers, and the secret ends of the links to it."""
    opened = pulses.open_pulse(within or steady(), by=people.person("receiver_lead"))
    seed = pulses.make_links(opened, count=count, by=people.person("receiver_lead"))
    return opened, pulses.tokens(seed, count)


def intervention(*, ended_on: date | None = None) -> Intervention:
    """A statutory direction at Wirral since 2 May 2023."""
    period = Period(InterventionKind.DIRECTION, date(2023, 5, 2), "Direction, 2 May 2023", ended_on)
    return interventions.enter(
        people.authority(people.RECEIVER), period, by=people.person("administrator")
    )
