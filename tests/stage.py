"""One of everything, so that every address has something to show or to refuse."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from broker import clock, jobs
from broker.agreements.queries import agreement_of
from broker.clock import Quarter
from broker.db import db, transaction
from broker.grants import actions as grants
from broker.matches import actions as matches
from broker.models.extension import Extension
from broker.models.grant import Grant, Payment
from broker.models.match import Conversation, Match, Round
from broker.models.partnership import Partnership
from broker.models.plan import ChangeReason
from broker.models.readiness import Readiness
from broker.models.return_ import Return
from broker.partnerships import actions as partnerships
from broker.plans import actions as plans
from broker.returns import actions as returns
from broker.reviews import actions as reviews
from broker.rounds import actions as rounds
from broker.rounds import running
from broker.showings.queries import shown_of
from broker.system import the_system
from broker.taking import take
from tests import make, people
from tests.make import DAY

Stage = dict[str, int | str]


def set_up() -> Stage:
    """Make one of everything under Own days and PiP; their ids by name."""
    with transaction():
        stage = _early()
        stage |= _matches()
        stage |= _reports()
        round_id = stage["round"] = _round().id
    running.run(_job(), {"round_id": round_id})
    db.session.remove()
    return stage


def _early() -> Stage:
    make.capacity({make.next_quarter() + n: 60 * DAY for n in range(4)})
    published = make.offer()
    private = make.need(until="private", title="A private worry")
    confided = make.need(until="in_confidence", title="A shared worry")
    submitted = make.need(until="submitted", title="A submitted need")
    checked = make.checked(make.need(until="submitted", title="A checked need", days=24 * DAY))
    opened = make.need(title="An open need")
    suggestion = make.suggestion(opened, published)
    return {
        "offer": published.id,
        "draft": make.offer(title="Not out yet", published=False).id,
        "private": private.id,
        "confided": confided.id,
        "submitted": submitted.id,
        "checked": checked.id,
        "need": opened.id,
        "suggestion": suggestion.id,
        "hinted": make.suggested_need().id,
        "helped": people.authority(people.RECEIVER).id,
        "elsewhere": make.live_help().id,
        "quarter": clock.this_quarter().ordinal,
        "ask": make.small_ask(make.offer(title="Asked in a minute")).id,
        "search": make.saved_search().id,
        "leeds": people.authority("Leeds").code,
        "exception": make.exception().id,
        "import": make.fact_import().id,
        "asked": make.conversation(make.need(title="Asked about"), make.offer(title="One")).id,
        "invitation": make.invitation().id,
        "role": people.person("practitioner").memberships[0].id,
        "met": make.meeting(make.need(title="Met about"), make.offer(title="Nine")).id,
    }


def _matches() -> Stage:
    talking = make.match(make.need(title="Talked about"), make.offer(title="Two"))
    agreed = make.agreed(make.match(make.need(title="Agreed"), make.offer(title="Three")))
    large = make.need(title="A large need", days=24 * DAY, until="submitted")
    make.opened(large, Readiness.CONDITIONAL)
    to_panel = make.agreed(make.match(large, make.offer(title="Four")))
    matches.send_to_panel(to_panel, by=people.person("coordinator"))
    approved = make.agreed(make.match(make.need(title="Approved"), make.offer(title="Five")))
    partnership = make.steady(make.partnership(approved))
    plan = plans.revise(
        partnership, ChangeReason.BLOCKAGE, because="A post is empty.", by=people.person("receiver")
    )
    day = make.day(partnership)
    take(day, "query", by=people.person("receiver_lead"), reason="Half a day by our diary")
    said = make.feedback(partnership)
    [showing] = shown_of(said.noun, [said.id])[said.id]
    pulse, [token, *_] = make.pulse(partnership)
    held = make.review(partnership)
    preparing = reviews.begin(partnership, by=people.person("receiver"))
    ended = make.steady(
        make.partnership(make.agreed(make.match(make.need(title="Ended"), make.offer(title="Ten"))))
    )
    partnerships.end_early(ended, reason="A new plan", by=people.person("receiver"))
    extra, brought = make.extra(partnership), make.day_import(partnership)
    return {
        "talking": talking.id,
        "held": talking.conversation_id,
        "agreed": agreed.id,
        "panel": to_panel.id,
        "partnership": partnership.id,
        "plan": plan.id,
        "agreement": _agreement_of(partnership),
        "over": _ended().id,
        "extension": _more().id,
        "theme": partnership.match.need.themes[0].theme_id,
        "day": day.id,
        "showing": showing.id,
        "pulse": pulse.id,
        "link": f"{pulse.code}/{token}",
        "ended": ended.id,
        "held_review": held.id,
        "review": preparing.id,
        "recorded": make.recording().id,
        "confirmed": make.recording(until="confirmed").id,
        "extra": extra.id,
        "day_import": brought.id,
        "intervention": make.intervention().id,
        "notice": make.notice().id,
    }


def _partnership(title: str) -> Partnership:
    later = make.next_quarter() + 2  # where the provider has room beside the others
    need = make.need(title=f"{title} need", first=later)
    match = make.match(need, make.offer(title=f"{title} offer"))
    return make.partnership(make.agreed(match))


def _ended() -> Partnership:
    return make.reported(make.ended(_partnership("Ended")))


def _more() -> Extension:
    return make.extension(make.begun(_partnership("More")), quarter=make.next_quarter() + 2)


def _agreement_of(partnership: Partnership) -> int:
    made = agreement_of(partnership)
    assert made is not None
    return made.id


def _reports() -> Stage:
    pip = people.programme("pip")
    last, before = clock.this_quarter() - 1, clock.this_quarter() - 2
    with clock.set_to(date(2026, 4, 2)):
        make.capacity({last: 5 * DAY, before: 5 * DAY}, programme=pip)
        make.offer(programme=pip, title="Under the programme")
    with clock.set_to(clock.return_opens(before)):
        old = _return(before)
        returns.write(old, outcomes="Steadier", priorities="More", by=people.person("giver_lead"))
        returns.certify(old, by=people.person("giver"))
        freeze = returns.freeze(programme=pip, quarter=before, by=people.person("manager"))
    current = _return(last)
    returns.write(current, outcomes="Steadier", priorities="", by=people.person("giver_lead"))
    grant, payment = _grant()
    return {
        "grant": grant.id,
        "token": make.api_token()[0].id,
        "payment": payment.id,
        "return": current.id,
        "certified": old.id,
        "freeze": freeze.id,
        "pip": pip.id,
        "last": last.ordinal,
    }


def _grant() -> tuple[Grant, Payment]:
    by = people.person("manager")
    grant = grants.make(
        programme=people.programme("pip"),
        provider=people.authority("Leeds"),
        year=clock.this_quarter().year,
        pence=100_000_00,
        day_rate=600_00,
        by=by,
    )
    paid = {"pence": 25_000_00, "paid_on": clock.today(), "reference": "First instalment"}
    return grant, grants.pay(grant, **paid, by=by)


def _return(quarter: Quarter) -> Return:
    return returns.open_return(
        provider_id=people.authority("Leeds").id,
        programme=people.programme("pip"),
        quarter=quarter,
        by=the_system(),
    )


def _round() -> Round:
    return rounds.run(
        programme=people.programme(),
        region=people.region(people.NORTH_WEST),
        aim="fit",
        by=people.person("coordinator"),
    )


def _job() -> int:
    claimed = jobs.claim("stage")
    assert claimed is not None
    return claimed[0]


def states() -> list[str]:
    """Where everything stands, to see whether anything moved."""
    rounds_ = db.session.scalars(select(Round)).unique()
    talks = db.session.scalars(select(Conversation)).unique()
    all_matches = db.session.scalars(select(Match)).unique()
    return [f"{t.noun} {t.id} {t.state.value}" for t in (*rounds_, *talks, *all_matches)]
