"""What an authority reads first: the list, and one of it with the authority's answer."""

from __future__ import annotations

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.events import history_of
from broker.models.showing import ShowingState
from broker.showings import actions, queries
from broker.showings.forms import SeenForm
from broker.web import render

bp = Blueprint("showings", __name__)
Page = Response | str | tuple[str, int]


@bp.get("/to-read")
@web.signed_in
def index() -> str:
    return render("showings/index.html", page=web.page_of(queries.to_read(g.person)))


@bp.route("/to-read/<int:id>", methods=["GET", "POST"])
@web.signed_in
def show(id: int) -> Page:
    showing = web.find(queries.showings_visible_to(g.person), id)
    verb = "comment" if showing.state is ShowingState.SEEN else "see"
    is_open = any(row.verb == verb for row in taking.verbs_open_to(g.person, showing))
    form = SeenForm(comment=showing.comment)
    return web.settle(
        form,
        "showings/show.html",
        lambda: actions.see(showing, comment=form.comment.data, by=g.person),
        said="Recorded: you have read it, and what you said goes with it.",
        show=url_for(".show", id=id),
        showing=showing,
        is_open=is_open,
        events=history_of(showing),
    )
