"""When a verb is possible: named conditions that answer with None, or with why not, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from broker import clock
from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.eligibility import why_not_offer
from broker.ledger import held_for_needs
from broker.models.day_import import DayImport
from broker.models.match import TALKS_OPEN, Conversation, Match, Round, Side, Suggestion
from broker.models.need import Need, NeedState, need_follow
from broker.models.offer import Offer, OfferState, OfferVersion
from broker.models.partnership import Partnership, PartnershipState, SupportDay
from broker.models.programme import Programme
from broker.models.readiness import Readiness, standing_check
from broker.models.recording import Recording
from broker.models.return_ import RETURNS_OPEN, Freeze, Return, ReturnSection
from broker.models.signing import Signer, standing

Condition = Callable[[Any], str | None]

ASKABLE = (NeedState.SUBMITTED, NeedState.OPEN, NeedState.PART_MATCHED)
OPEN_NEEDS = (NeedState.OPEN, NeedState.PART_MATCHED)


def provider_is_eligible(offer: Offer) -> str | None:
    """the provider may offer this under the rules of a programme that it is open to"""
    said = [why_not_under(programme, offer, offer.current) for programme in offer.programmes]
    return None if None in said else next(iter(said), None)


def why_not_under(programme: Programme, offer: Offer, version: OfferVersion) -> str | None:
    """Why the provider may not offer what a version says under a programme; None when it may."""
    return why_not_offer(offer.provider, programme, [row.theme for row in version.themes])


def what_is_written_is_eligible(offer: Offer) -> str | None:
    """the provider may offer what is written under each of its programmes, all open today"""
    version = offer.working
    if version is None:
        return None
    for programme in version.programmes:
        if not programme.is_open_on(clock.today()):
            return f"{programme.name} is not open today."
        if said := why_not_under(programme, offer, version):
            return said if len(version.programmes) == 1 else f"{programme.name}: {said}"
    return None


def is_being_written(offer: Offer) -> str | None:
    """it is a draft, or a revision has begun"""
    if offer.working is not None:
        return None
    return "Nothing is being written. Begin a revision of this offer first."


def is_not_being_revised(offer: Offer) -> str | None:
    """no revision has begun"""
    return None if offer.revision is None else "A revision of this offer has begun already."


def offer_is_complete(offer: Offer) -> str | None:
    """all that an offer needs has been said, and its partners agreed"""
    missing = offer.working.missing if offer.working else []
    if not missing:
        return None
    return f"Still missing: {', '.join(words for _, words in missing)}."


def partners_are_to_be_asked(offer: Offer) -> str | None:
    """it is complete but for partners who have not been asked"""
    working = offer.working
    if working is None or all(partner.asked_at for partner in working.partners):
        return "There is nobody to ask."
    others = [words for task, words in working.missing if task != "together"]
    return f"Still missing: {', '.join(others)}." if others else None


def need_has_days_for_programme(need: Need) -> str | None:
    """the days reach the programme's least package, or are a small ask"""
    least = need.programme.policy.least_days
    if need.days_wanted >= least or need.is_small:
        return None
    return f"Packages under {need.programme.name} start at {format_days(least)}."


def need_says_what_should_change(need: Need) -> str | None:
    """it says which change it wants for children, or is a small ask"""
    if need.is_small or need.change_wanted.strip():
        return None
    return "Say which change you want for children first."


def is_small_ask(need: Need) -> str | None:
    """it is a small ask"""
    if need.is_small:
        return None
    return "This is a larger need already. Begin a follow-on for more."


def nothing_is_agreed(need: Need) -> str | None:
    """no match that both sides agreed holds days for it"""
    if not held_for_needs([need.id])[need.id]:
        return None
    return "Both sides have agreed days for it. Begin a follow-on for more."


def need_is_ready(need: Need) -> str | None:
    """a readiness check lets it open, unless it is a small ask"""
    check = standing_check(need)
    if need.is_small or (check and check.outcome is not Readiness.NOT_READY):
        return None
    return "Record a readiness check first: ready, or ready with conditions."


def check_is_unread(need: Need) -> str | None:
    """there is a readiness check that its authority has not said it has read"""
    check = need.readiness[0] if need.readiness else None
    if check is not None and check.seen_at is None:
        return None
    return "There is no readiness check to read."


def check_was_shown(need: Need) -> str | None:
    """its authority has read the readiness check, or 5 working days have passed"""
    check = standing_check(need)
    if need.is_small or check is None or check.was_shown:
        return None
    day = check.counts_from
    return f"The authority reads the check first. Unread, it counts from {day.day} {day:%B %Y}."


def need_is_signed(need: Need) -> str | None:
    """director, chief executive and lead member have signed, unless it is a small ask"""
    missing = [one.words.lower() for one in Signer if one not in standing(need)]
    if need.is_small or not missing:
        return None
    return f"Not signed yet: {' and '.join(missing)}."


def need_can_be_asked_about(suggestion: Suggestion) -> str | None:
    """the need is submitted or open, and still wants days"""
    if suggestion.need.state in ASKABLE:
        return None
    if suggestion.need.state in (NeedState.PRIVATE, NeedState.IN_CONFIDENCE):
        return "Your director submits this need first; then you can ask."
    return "This need no longer looks for help."


def offer_is_published(suggestion: Suggestion) -> str | None:
    """the offer is published"""
    if suggestion.offer.state is OfferState.PUBLISHED:
        return None
    return "This offer is not open for asking just now."


def no_matches_talking(offer: Offer) -> str | None:
    """nobody is waiting for an answer about it"""
    waiting = select(func.count(Conversation.id)).where(
        Conversation.offer_id == offer.id, Conversation.state.in_(TALKS_OPEN[:1])
    )
    if not db.session.scalar(waiting):
        return None
    return "Someone has asked about this offer. Answer them first, then withdraw it."


def both_said_yes(match: Match) -> str | None:
    """both sides recorded 'yes' after talking"""
    if match.conversation is not None and match.conversation.is_yes_from_both:
        return None
    return "Both sides record 'yes' after talking; then the terms can be agreed."


def need_is_open(match: Match) -> str | None:
    """the need is open"""
    if match.need.state in OPEN_NEEDS:
        return None
    if match.need.state is NeedState.SUBMITTED:
        return "The regional coordinator opens this need first; then it can be agreed."
    return "This need is no longer open."


def aims_are_said(match: Match) -> str | None:
    """the terms say what this is to change for children, or it is a small ask"""
    if match.need.is_small or match.aims.strip():
        return None
    return "Say in the terms what this is to change for children; then both can agree to it."


def provider_still_eligible(match: Match) -> str | None:
    """the provider may still give this help under the programme's rules"""
    themes = [row.theme for row in match.offer_version.themes]
    return why_not_offer(match.provider, match.programme, themes)


def partnership_is_flagged(partnership: Partnership) -> str | None:
    """the partnership is flagged for review"""
    if partnership.review_reason:
        return None
    return "This partnership is not flagged for review now."


def starts_in_time(match: Match) -> str | None:
    """its first quarter has not begun since it was agreed, and is not over"""
    if not match.days:
        return "Put days in at least one quarter."
    first, now = match.days[0].quarter, clock.this_quarter()
    agreed_in = Quarter.of(match.agreed_at.date()) if match.agreed_at else now
    if first < now or agreed_in < first == now:
        return f"{first} has begun since this was agreed. Send it back for a later start."
    return None


def two_were_considered(match: Match) -> str | None:
    """at least two providers were considered, or there is a recorded reason for one"""
    return too_few_considered(match, considered_for([match.need_id])[match.need_id])


def considered_for(need_ids: Iterable[int]) -> Counter[int]:
    """How many offers stand beside each need."""
    counted = (
        select(Suggestion.need_id, func.count(Suggestion.id))
        .where(Suggestion.need_id.in_(list(need_ids)))
        .group_by(Suggestion.need_id)
    )
    rows = db.session.execute(counted)
    return Counter({row[0]: row[1] for row in rows})


def too_few_considered(match: Match, considered: int) -> str | None:
    """The words when only one was, and nobody said why that was enough."""
    if match.only_one_because or considered >= 2:
        return None
    return (
        "Only one provider was considered. The receiving authority adds why one was enough, or "
        "looks at another offer."
    )


def panel_is_not_needed(match: Match) -> str | None:
    """the rules do not ask for the panel"""
    if why := why_panel(match):
        return f"The panel decides this one: {why}."
    return None


def panel_is_needed(match: Match) -> str | None:
    """the rules ask for the panel"""
    return None if why_panel(match) else "This match is within what a coordinator approves."


def why_panel(match: Match) -> str | None:
    """Why a match goes to the panel, in words; None when it need not."""
    return why_panel_with(match, days_in_line([match])[match.id])


def why_panel_with(match: Match, days: int) -> str | None:
    """The same where its days, as `days_in_line` counts them, are known."""
    policy, need = match.programme.policy, match.need
    if policy.panel_from is not None and days >= policy.panel_from:
        return f"together the days reach {format_days(policy.panel_from)}"
    across = match.receiver.region_id != match.provider.region_id
    if policy.panel_when_regions_differ and across:
        return "the two authorities are in different regions"
    check = standing_check(need)
    if check and check.outcome is Readiness.CONDITIONAL:
        return "the need is ready with conditions"
    return None


def days_in_line(matches: Sequence[Match]) -> dict[int, int]:
    """Quarter-days by match: its own or all that its need holds, whichever is more, and what the
    needs hold that this one follows. In two questions, however many there are.
    """
    lines = _lines_of(match.need_id for match in matches)
    held = held_for_needs({need_id for line in lines.values() for need_id in line})
    return {
        match.id: max(held[match.need_id], match.total_days)
        + sum(held[earlier] for earlier in lines[match.need_id] - {match.need_id})
        for match in matches
    }


def _lines_of(need_ids: Iterable[int]) -> dict[int, set[int]]:
    """Each need's id with those of the needs it follows, itself among them."""
    first = select(Need.id.label("need_id"), Need.id.label("member"))
    line = first.where(Need.id.in_(list(need_ids))).cte("line", recursive=True)
    line = line.union(
        select(line.c.need_id, need_follow.c.follows_id).join(
            need_follow, need_follow.c.need_id == line.c.member
        )
    )
    lines: dict[int, set[int]] = defaultdict(set)
    for need_id, member in db.session.execute(select(line.c.need_id, line.c.member)):
        lines[need_id].add(member)
    return lines


def partnership_is_live(day: SupportDay | DayImport) -> str | None:
    """the partnership is live"""
    if day.partnership.is_live:
        return None
    if day.partnership.state is PartnershipState.PAUSED:
        return "This partnership is paused. Resume it, then log what was given before."
    return "This partnership has ended, so no more days can be logged in it."


def day_is_not_ahead(day: SupportDay) -> str | None:
    """the day has come, and not before the partnership opened"""
    if day.given_on > clock.today():
        return "The date is in the future. Log a day once it has been given."
    if day.given_on < day.partnership.opened_at.date():
        opened = day.partnership.opened_at.date()
        return f"The partnership opened on {opened.day} {opened:%B %Y}; this date is before it."
    return None


def feedback_is_wanted(partnership: Partnership) -> str | None:
    """the receiver has not said yet how it went, at this moment"""
    if partnership.feedback_of(Side.RECEIVER) is None:
        return None
    return "Your authority has said how it went. You can change what it said."


def feedback_was_given(partnership: Partnership) -> str | None:
    """the receiver has said how it went, at this moment"""
    if partnership.feedback_of(Side.RECEIVER) is not None:
        return None
    return "Your authority has not said yet how it went."


def recording_has_days(recording: Recording) -> str | None:
    """it holds days, given or to come"""
    return None if recording.days else "Add the days that were given, or the days to come, first."


def return_is_being_made(section: ReturnSection) -> str | None:
    """the return is not certified yet, or was sent back"""
    if section.return_.state in RETURNS_OPEN:
        return None
    return "The return is certified, so what it says of you stands. Its provider can be asked."


def return_not_frozen(return_: Return) -> str | None:
    """the programme has not frozen that quarter"""
    if not is_frozen(return_.programme_id, return_.quarter):
        return None
    return (
        f"{return_.quarter} is frozen; its returns no longer change. What the records say "
        f"differently is carried by the next return."
    )


def frozen_words(programme_id: int, quarter: Quarter) -> str | None:
    """Why what was confirmed for a quarter no longer changes; None while it may."""
    frozen = is_frozen(programme_id, quarter)
    return f"{quarter} is frozen; its figures no longer change." if frozen else None


def is_frozen(programme_id: int, quarter: Quarter) -> bool:
    known = select(Freeze.id).filter_by(programme_id=programme_id, quarter=quarter)
    return db.session.scalar(known) is not None


def quarter_is_over(return_: Return) -> str | None:
    """the quarter is over"""
    opens = clock.return_opens(return_.quarter)
    if clock.today() >= opens:
        return None
    return f"This return opens on {opens.day} {opens:%B %Y}."


def outcomes_are_written(return_: Return) -> str | None:
    """the outcomes are written"""
    if return_.outcomes.strip():
        return None
    return "Write what changed (outcomes) before you send it for certification."


def round_has_a_plan(round_: Round) -> str | None:
    """the round was stopped with a plan"""
    if not round_.result or not round_.result["matches"]:
        return "It was stopped before there was a plan to keep. Run it again."
    return None
