"""More days: asked for, agreed, approved or voted on."""

from __future__ import annotations

from flask import Blueprint, g, redirect, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.clock import this_quarter
from broker.events import history_of
from broker.extensions import actions, queries
from broker.extensions.forms import ProposeForm, VoteOnMoreForm
from broker.models.extension import Extension
from broker.models.match import Vote
from broker.models.partnership import Partnership
from broker.partnerships.queries import partnerships_visible_to
from broker.plans.queries import standing_plan
from broker.web import render

bp = Blueprint("extensions", __name__)
Page = Response | str | tuple[str, int]
DEEDS = {
    "agree": actions.agree,
    "approve": actions.approve,
    "send_to_panel": actions.send_to_panel,
}


def _find(extension_id: int) -> Extension:
    return web.find(queries.extensions_visible_to(g.person), extension_id)


@bp.route("/partnerships/<int:id>/extend", methods=["GET", "POST"])
@web.signed_in
def propose(id: int) -> Page:
    partnership: Partnership = web.find(partnerships_visible_to(g.person), id)
    web.asked(Extension(partnership=partnership, days=[]), "propose")
    plan = standing_plan(partnership)
    last = max((row.quarter for row in partnership.match.days), default=this_quarter())
    form = ProposeForm.of(plan.exit_on if plan else last.last_day)
    made: list[Extension] = []
    answer = web.settle(
        form,
        "extensions/propose.html",
        lambda: made.append(
            actions.propose(
                partnership,
                days=form.days,
                exit_on=form["exit_on"].data,
                because=form["because"].data,
                by=g.person,
            )
        ),
        said="Asked for. Both directors agree to it, then the region decides.",
        show=url_for("partnerships.show", id=id),
        partnership=partnership,
    )
    return redirect(url_for(".show", id=made[0].id)) if made else answer


@bp.get("/extensions/<int:id>")
@web.signed_in
def show(id: int) -> str:
    extension = _find(id)
    return render(
        "extensions/show.html",
        extension=extension,
        total=queries.total_with(extension),
        panel=queries.goes_to_panel(extension),
        votes_now=queries.may_vote(g.person, extension),
        sees_partnership=queries.sees_partnership(g.person, extension),
        events=history_of(extension),
    )


@bp.post("/extensions/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, DEEDS, show=url_for(".show", id=id))


@bp.route("/extensions/<int:id>/vote", methods=["GET", "POST"])
@web.signed_in
def vote(id: int) -> Page:
    extension = _find(id)
    web.asked(extension, "vote")
    form = VoteOnMoreForm()
    return web.settle(
        form,
        "extensions/vote.html",
        lambda: actions.vote(
            extension, vote=Vote(form.vote.data), reason=form.reason.data, by=g.person
        ),
        said="Your vote is recorded.",
        show=url_for(".show", id=id),
        extension=extension,
        total=queries.total_with(extension),
    )
