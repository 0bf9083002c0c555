"""Resuming a partnership, and spreading its days otherwise."""

from __future__ import annotations

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.models.partnership import Partnership
from broker.partnerships.queries import partnerships_visible_to, plan_of
from broker.phases import actions
from broker.phases.forms import ResumeForm, VaryForm

bp = Blueprint("phases", __name__)
Page = Response | str | tuple[str, int]


def _find(partnership_id: int) -> Partnership:
    return web.find(partnerships_visible_to(g.person), partnership_id)


@bp.route("/partnerships/<int:id>/resume", methods=["GET", "POST"])
@web.signed_in
def resume(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "resume")
    given_back = actions.given_back(partnership)
    form = ResumeForm.of(given_back)
    return web.settle(
        form,
        "phases/resume.html",
        lambda: actions.resume(partnership, days=form.days, by=g.person),
        said="It goes on. Both sides and the coordinator are told.",
        show=url_for("partnerships.show", id=id),
        partnership=partnership,
        given_back=sum(given_back.values()),
    )


@bp.route("/partnerships/<int:id>/vary", methods=["GET", "POST"])
@web.signed_in
def vary(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "vary")
    held = plan_of(partnership).quarters
    form = VaryForm.of({row.quarter: row.committed for row in held})
    return web.settle(
        form,
        "phases/vary.html",
        lambda: actions.vary(partnership, days=form.days, reason=form["reason"].data, by=g.person),
        said="The days are spread otherwise. The other side is told.",
        show=url_for("support_days.of_one", id=id),
        partnership=partnership,
    )
