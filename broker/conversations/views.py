"""Suggestions and conversations: asking, answering, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.conversations import actions, minute, queries, times
from broker.conversations.forms import (
    AskForm,
    AskForNeedForm,
    DeclineForm,
    OutcomeForm,
    SmallAskForm,
    TimesForm,
)
from broker.conversations.seen import Seen, is_on_both_sides
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.exports.download import file_of
from broker.models.authority import Authority
from broker.models.match import Answer, Conversation, ConversationState, Origin, Suggestion
from broker.models.need import Need
from broker.models.offer import Offer, OfferState
from broker.models.person import Role
from broker.needs.queries import needs_visible_to
from broker.needs.released import released
from broker.permissions import RECEIVING
from broker.programme_conditions import one_of_its_programmes_is_open
from broker.prospectus.asked import read
from broker.web import render

bp = Blueprint("conversations", __name__)
Page = Response | str | tuple[str, int]
TYPED = "asking"  # what the session keeps of an ask until somebody has signed in
NOT_OPEN = "This offer is not open for asking just now."
READERS = (Role.DIRECTOR, Role.IMPROVEMENT_LEAD, Role.PARTNERSHIP_LEAD, Role.COORDINATOR)


# -- asking -----------------------------------------------------------------------------------


def _published(offer_id: int) -> Offer:
    offer = web.find(queries.offers_visible_to(g.person), offer_id)
    if g.person is None and offer.state is not OfferState.PUBLISHED:
        raise NotPossible(NOT_OPEN)
    return offer


def _receivers(offer: Offer) -> list[Authority]:
    """The authorities for which the person may ask about an offer now."""
    receivers = queries.authorities_that_may_ask(g.person, offer)
    if not receivers:
        raise NotAllowed(
            "To ask, you need to be a director or improvement lead of another authority."
        )
    if offer.state is not OfferState.PUBLISHED:
        raise NotPossible(NOT_OPEN)
    return receivers


def _check_help_can_be_agreed(offer: Offer) -> None:
    """Nobody types an ask that no programme of the offer could lead to anything."""
    if said := one_of_its_programmes_is_open(offer):
        raise NotPossible(said)


@bp.route("/offers/<int:offer_id>/ask", methods=["GET", "POST"])
def ask_about(offer_id: int) -> Page:
    """One sentence is enough. Somebody not signed in types first and signs in then."""
    offer = _published(offer_id)
    receivers = _receivers(offer) if g.person else []
    if g.person and (there := minute.standing(offer, [one.id for one in receivers])):
        flash("Your authority has asked about this offer. Here is where it stands.")
        return redirect(url_for(".asked", need_id=there.need.id))
    _check_help_can_be_agreed(offer)
    form = SmallAskForm.about(offer, receivers, _started(offer))
    if form.validate_on_submit():
        if g.person is None:
            return _sign_in_first(offer, form)
        if need := _asked_in_a_minute(form, offer):
            return redirect(url_for(".asked", need_id=need.id))
    has_needs = bool(g.person and queries.needs_to_ask_for(g.person, offer))
    page = render("conversations/ask_about.html", form=form, offer=offer, has_needs=has_needs)
    return page, 422 if form.is_submitted() else 200


def _started(offer: Offer) -> dict[str, Any]:
    """What the form starts with: what was typed before signing in, else from offer and search."""
    typed = session.get(TYPED, {})
    if g.person and typed.get("offer_id") == offer.id:
        session.pop(TYPED)
        return dict(typed["fields"])
    return minute.starts_with(offer, read(request.args))


def _sign_in_first(offer: Offer, form: SmallAskForm) -> Response:
    session[TYPED] = {"offer_id": offer.id, "fields": form.typed}
    flash("What you typed is kept. Sign in, look it over and send it.")
    return redirect(url_for("account.sign_in", next=url_for(".ask_about", offer_id=offer.id)))


@bp.get("/asks/<int:need_id>")
@web.signed_in
def asked(need_id: int) -> str:
    """What happens after an ask, and when."""
    ask = minute.ask_of(web.find(needs_visible_to(g.person), need_id))
    if ask is None or not g.person.at(ask.need.receiver_id, *RECEIVING):
        abort(404)
    return render("conversations/asked.html", ask=ask)


def _asked_in_a_minute(form: SmallAskForm, offer: Offer) -> Need | None:
    """The small need, or None with the refusal shown on the form."""
    try:
        return actions.small_ask(
            offer,
            receiver=form.authority,
            title=form.title.data,
            theme=form.chosen_theme,
            days=form.days.data or 0,
            quarter=form.chosen_quarter,
            message=form.message.data,
            by=g.person,
        )
    except (NotRight, NotPossible) as error:
        web.put_right(form, error)
        return None


@bp.route("/offers/<int:offer_id>/ask/need", methods=["GET", "POST"])
@web.signed_in
def ask_for_need(offer_id: int) -> Page:
    offer = _published(offer_id)
    _receivers(offer)
    _check_help_can_be_agreed(offer)
    needs = queries.needs_to_ask_for(g.person, offer)
    if not needs:
        raise NotPossible("You have no submitted or open need that waits to ask about this offer.")
    form = AskForNeedForm.choosing(needs)
    if form.validate_on_submit() and (talk := _asked_for_need(form, offer)):
        return _after_asking(talk)
    shapes = {need.id: released(need) for need in needs}
    page = render(
        "conversations/ask_for_need.html", form=form, offer=offer, needs=needs, shapes=shapes
    )
    return page, 422 if form.is_submitted() else 200


def _asked_for_need(form: AskForNeedForm, offer: Offer) -> Conversation | None:
    try:
        suggestion = actions.suggest(form.chosen_need, offer, origin=Origin.ASK, by=g.person)
        return actions.ask(suggestion, message=form.message.data, by=g.person)
    except (NotRight, NotPossible) as error:
        web.put_right(form, error)
        return None


def _after_asking(talk: Conversation) -> Response:
    flash(f"You asked {talk.offer.provider.name} to talk.", "success")
    return redirect(url_for(".show", id=talk.id))


# -- suggestions ------------------------------------------------------------------------------


def _find_suggestion(suggestion_id: int) -> Suggestion:
    return web.find(queries.suggestions_visible_to(g.person), suggestion_id)


@bp.route("/suggestions/<int:id>/ask", methods=["GET", "POST"])
@web.signed_in
def ask(id: int) -> Page:
    suggestion = _find_suggestion(id)
    taking.may(suggestion, "ask", by=g.person)
    if talk := actions.conversation_of(suggestion):
        return redirect(url_for(".show", id=talk.id))
    actions.check_acts_for_one_side(g.person, suggestion.receiver_id, suggestion.offer.provider_id)
    web.asked(suggestion, "ask")
    form = AskForm(message=suggestion.need.change_wanted if suggestion.need.is_small else "")
    if form.validate_on_submit() and (talk := _asked(form, suggestion)):
        return _after_asking(talk)
    shape = released(suggestion.need)
    page = render("conversations/ask.html", form=form, suggestion=suggestion, released=shape)
    return page, 422 if form.is_submitted() else 200


def _asked(form: AskForm, suggestion: Suggestion) -> Conversation | None:
    try:
        return actions.ask(suggestion, message=form.message.data, by=g.person)
    except (NotRight, NotPossible) as error:
        web.put_right(form, error)
        return None


@bp.post("/suggestions/<int:id>/<verb:verb>")
@web.signed_in
def press_suggestion(id: int, verb: str) -> Response:
    suggestion = _find_suggestion(id)
    return web.press(suggestion, verb, show=url_for("needs.show", id=suggestion.need_id))


# -- conversations ----------------------------------------------------------------------------


def _find(conversation_id: int) -> Conversation:
    return web.find(queries.conversations_visible_to(g.person), conversation_id)


def _seen(conversation: Conversation) -> Seen:
    return queries.as_seen_by(g.person, [conversation])[0]


@bp.get("/conversations")
@web.only(*READERS)
def index() -> str:
    known = {state.value: state for state in ConversationState}
    wanted = queries.Wanted(
        words=web.searched(),
        state=known.get(request.args.get("state", "")),
    )
    page = web.page_of(queries.listed(g.person, wanted))
    return render(
        "conversations/index.html", page=page, wanted=wanted, states=list(ConversationState)
    )


@bp.get("/conversations/<int:id>")
@web.signed_in
def show(id: int) -> str:
    conversation = _find(id)
    seen = _seen(conversation)
    acts = not is_on_both_sides(conversation, g.person)
    return render(
        "conversations/show.html",
        conversation=conversation,
        seen=seen,
        acts=acts,
        events=seen.history(history_of(conversation)),
        match=queries.match_of(conversation),
        times=times.times_of(conversation),
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, conversation)},
    )


@bp.route("/conversations/<int:id>/decline", methods=["GET", "POST"])
@web.signed_in
def decline(id: int) -> Page:
    conversation = _find(id)
    web.asked(conversation, "decline")
    actions.check_acts_for_one_side(g.person, conversation.receiver_id, conversation.provider_id)
    form = DeclineForm()
    return web.settle(
        form,
        "conversations/decline.html",
        lambda: actions.decline(
            conversation,
            reason=form.reason.data,
            is_reason_shared=bool(form.is_reason_shared.data),
            by=g.person,
        ),
        said="You declined. They are told, with thanks.",
        show=url_for(".show", id=id),
        seen=_seen(conversation),
    )


@bp.route("/conversations/<int:id>/outcome", methods=["GET", "POST"])
@web.signed_in
def outcome(id: int) -> Page:
    conversation = _find(id)
    web.asked(conversation, "record_outcome")
    seen = _seen(conversation)
    form = OutcomeForm(data=_recorded(seen))
    return web.settle(
        form,
        "conversations/outcome.html",
        lambda: _record(conversation, seen, form),
        said="What you made of it is recorded.",
        show=url_for(".show", id=id),
        seen=seen,
    )


def _recorded(seen: Seen) -> dict[str, Any]:
    """What the person's side has said so far, as the form's fields hold it."""
    if seen.own_outcome is None:
        return {}
    own = seen.own_outcome
    return {
        "answer": own.answer.value,
        "values_rating": str(own.values_rating or ""),
        "confidence_rating": str(own.confidence_rating or ""),
        "note": own.note,
        "reason": own.reason,
        "is_reason_shared": own.is_reason_shared,
    }


def _record(conversation: Conversation, seen: Seen, form: OutcomeForm) -> None:
    if seen.side is None:
        raise NotAllowed("Each side records what it made of the talk for itself.")
    actions.record_outcome(
        conversation,
        side=seen.side,
        answer=Answer(form.answer.data),
        values_rating=form.values_given,
        confidence_rating=form.confidence_given,
        note=form.note.data or "",
        reason=form.reason.data or "",
        is_reason_shared=bool(form.is_reason_shared.data),
        by=g.person,
    )


# -- a time to talk -----------------------------------------------------------------------------


@bp.route("/conversations/<int:id>/times", methods=["GET", "POST"])
@web.signed_in
def propose(id: int) -> Page:
    conversation = _find(id)
    web.asked(conversation, "propose_times")
    form = TimesForm()
    return web.settle(
        form,
        "conversations/propose.html",
        lambda: times.propose_times(
            conversation,
            starts=form.starts,
            minutes=int(form.minutes.data),
            place=form.place.data,
            by=g.person,
        ),
        said="The times are proposed. You hear when one is chosen.",
        show=url_for(".show", id=id),
        seen=_seen(conversation),
        times=times.times_of(conversation),
    )


@bp.post("/conversations/<int:id>/times/<int:time_id>")
@web.signed_in
def choose(id: int, time_id: int) -> Response:
    conversation = _find(id)
    web.asked(conversation, "choose_time")
    chosen = times.choose_time(conversation, time_id, by=g.person)
    flash(f"You talk on {web.format_moment(chosen.starts_at)}. Both sides are told.", "success")
    return redirect(url_for(".show", id=id))


@bp.get("/conversations/<int:id>/talk.ics")
@web.signed_in
def calendar(id: int) -> Response:
    """The chosen time for the calendars of the two sides."""
    conversation = _find(id)
    chosen = times.times_of(conversation).chosen
    if chosen is None or _seen(conversation).side is None:
        abort(404)
    link = url_for(".show", id=id, _external=True)
    body = times.calendar_file(conversation, chosen, link=link, host=request.host.split(":")[0])
    return file_of(body, name="first-talk.ics", content_type="text/calendar; charset=utf-8")


@bp.get("/what-to-ask")
def what_to_ask() -> str:
    return render("conversations/what_to_ask.html")


# -- verbs with no form of their own ------------------------------------------------------------


@bp.post("/conversations/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, actions.DEEDS, show=url_for(".show", id=id))
