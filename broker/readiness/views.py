"""Readiness: the coordinator's check, the authority's reading of it, conditions done."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.models.need import Need
from broker.models.readiness import Item
from broker.needs.queries import needs_visible_to, readiness_of
from broker.readiness import actions
from broker.readiness.forms import CONDITIONS, CheckForm, SeenForm

bp = Blueprint("readiness", __name__)
Page = Response | str | tuple[str, int]


def _find(need_id: int) -> Need:
    return web.find(needs_visible_to(g.person), need_id)


@bp.route("/needs/<int:id>/readiness", methods=["GET", "POST"])
@web.signed_in
def check(id: int) -> Page:
    need = _find(id)
    web.asked(need, "check_readiness")
    form = CheckForm()
    return web.settle(
        form,
        "readiness/check.html",
        lambda: actions.check_readiness(need, **form.said, by=g.person),
        said="The check is recorded. The authority reads it first.",
        show=url_for("needs.show", id=id),
        need=need,
        items=Item,
        numbers=CONDITIONS,
    )


@bp.route("/needs/<int:id>/readiness/read", methods=["GET", "POST"])
@web.signed_in
def read(id: int) -> Page:
    need = _find(id)
    web.asked(need, "see_readiness")
    form = SeenForm()
    return web.settle(
        form,
        "readiness/read.html",
        lambda: actions.see(need, comment=form.comment.data or "", by=g.person),
        said="Recorded: you have read it.",
        show=url_for("needs.show", id=id),
        need=need,
        check=readiness_of(need)[0],
    )


@bp.post("/needs/<int:id>/readiness/conditions/<int:condition_id>")
@web.signed_in
def meet(id: int, condition_id: int) -> Response:
    actions.meet(_find(id), condition_id, by=g.person)
    flash("Done: the condition is met.", "success")
    return redirect(url_for("needs.show", id=id))
