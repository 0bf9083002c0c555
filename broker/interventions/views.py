"""Intervention: administrators enter, correct, end and strike out; each page tells its history."""

from __future__ import annotations

from flask import Blueprint, abort, g, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.authorities.queries import by_code
from broker.events import history_of
from broker.interventions import actions
from broker.interventions.forms import InterventionForm
from broker.interventions.queries import interventions_visible_to
from broker.models.intervention import Intervention
from broker.models.person import Role
from broker.web import render

bp = Blueprint("interventions", __name__)
Page = Response | str | tuple[str, int]


def _find(intervention_id: int) -> Intervention:
    return web.find(interventions_visible_to(g.person), intervention_id)


@bp.route("/authorities/<code>/interventions/new", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def new(code: str) -> Page:
    authority = by_code(code) or abort(404)
    form = InterventionForm()
    return web.settle(
        form,
        "interventions/new.html",
        lambda: actions.enter(authority, form.period, by=g.person),
        said="Entered.",
        show=url_for("authorities.show", code=authority.code, _anchor="intervention"),
        authority=authority,
    )


@bp.get("/interventions/<int:id>")
@web.only(Role.ADMINISTRATOR)
def show(id: int) -> str:
    intervention = _find(id)
    events = history_of(intervention)
    return render("interventions/show.html", intervention=intervention, events=events)


@bp.route("/interventions/<int:id>/correct", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def correct(id: int) -> Page:
    intervention = _find(id)
    web.asked(intervention, "correct")
    form = InterventionForm.of(intervention)
    return web.settle(
        form,
        "interventions/correct.html",
        lambda: actions.correct(intervention, form.period, by=g.person),
        said="Corrected.",
        show=url_for(".show", id=id),
        intervention=intervention,
    )


@bp.post("/interventions/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, show=url_for(".show", id=id))
