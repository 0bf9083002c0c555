"""Everybody who helps one authority, on one page, with its joint plan by quarter."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.clock import Quarter, coming_quarters
from broker.help import actions, queries
from broker.help.forms import AimForm, HelpForm
from broker.models.authority import Authority
from broker.models.help import LiveHelp
from broker.permissions import RECEIVING
from broker.web import render

bp = Blueprint("help", __name__)
Page = Response | str | tuple[str, int]


def _find(authority_id: int) -> Authority:
    return web.find(queries.authorities_read_by(g.person), authority_id)


@bp.get("/help/<int:id>")
@web.signed_in
def show(id: int) -> str:
    receiver = _find(id)
    open_verbs = {
        verb
        for verb in ("share_help", "keep_help", "plan_quarter")
        if taking.membership_for(taking.row_for(receiver, verb), g.person, receiver)
    }
    return render(
        "help/show.html",
        receiver=receiver,
        everyone=queries.everyone_helping(receiver),
        is_own=g.person.at(receiver.id, *RECEIVING) is not None,
        is_inside=queries.is_inside(g.person, receiver),
        open_verbs=open_verbs,
    )


@bp.post("/help/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    receiver = _find(id)
    deed = actions.DEEDS.get(verb) or abort(404)
    deed(receiver, by=g.person)
    flash("Saved. The page says who reads it now.", "success")
    return redirect(url_for(".show", id=id))


@bp.route("/help/<int:id>/new", methods=["GET", "POST"])
@web.signed_in
def new(id: int) -> Page:
    receiver = _find(id)
    taking.may(LiveHelp(receiver_id=receiver.id), "enter", by=g.person)
    form = HelpForm.of(None)
    return web.settle(
        form,
        "help/edit.html",
        lambda: actions.enter(receiver, form.said, by=g.person),
        said="Saved. It stands beside all of your needs.",
        show=url_for(".show", id=id),
        receiver=receiver,
    )


def _find_live(receiver: Authority, live_id: int) -> LiveHelp:
    return web.find(queries.live_help_of(receiver.id), live_id)


@bp.route("/help/<int:id>/elsewhere/<int:live_id>", methods=["GET", "POST"])
@web.signed_in
def change(id: int, live_id: int) -> Page:
    receiver = _find(id)
    live = _find_live(receiver, live_id)
    web.asked(live, "change")
    form = HelpForm.of(live)
    return web.settle(
        form,
        "help/edit.html",
        lambda: actions.change(live, form.said, by=g.person),
        said="Saved.",
        show=url_for(".show", id=id),
        receiver=receiver,
        live=live,
    )


@bp.post("/help/<int:id>/elsewhere/<int:live_id>/<verb:verb>")
@web.signed_in
def press_live(id: int, live_id: int, verb: str) -> Response:
    live = _find_live(_find(id), live_id)
    return web.press(live, verb, actions.HELP_DEEDS, show=url_for(".show", id=id))


@bp.route("/help/<int:id>/plan/<int:ordinal>", methods=["GET", "POST"])
@web.signed_in
def plan(id: int, ordinal: int) -> Page:
    """What everybody works towards in one of the coming quarters."""
    receiver, quarter = _find(id), Quarter(ordinal)
    web.asked(receiver, "plan_quarter")
    if quarter not in coming_quarters(queries.QUARTERS_SHOWN):
        abort(404)
    everyone = queries.everyone_helping(receiver)
    form = AimForm(data={"aim": everyone.aims.get(quarter, "")})
    return web.settle(
        form,
        "help/plan.html",
        lambda: actions.plan_quarter(receiver, quarter, form.aim.data or "", by=g.person),
        said="Saved.",
        show=url_for(".show", id=id),
        receiver=receiver,
        quarter=quarter,
        everyone=everyone,
    )
