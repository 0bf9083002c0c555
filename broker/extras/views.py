"""Extra days: proposing them, and the other side's answer."""

from __future__ import annotations

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from broker import clock, web
from broker.extras import actions, queries
from broker.extras.forms import ProposeForm
from broker.extras.rooms import room_of
from broker.models.extra import Extra
from broker.partnerships.queries import partnerships_visible_to

bp = Blueprint("extras", __name__)
Page = Response | str | tuple[str, int]


@bp.route("/partnerships/<int:id>/extra", methods=["GET", "POST"])
@web.signed_in
def propose(id: int) -> Page:
    partnership = web.find(partnerships_visible_to(g.person), id)
    asked = Extra(partnership=partnership, quarter=clock.this_quarter(), quarter_days=1)
    web.asked(asked, "propose")
    form = ProposeForm()
    return web.settle(
        form,
        "extras/propose.html",
        lambda: actions.propose(
            partnership,
            quarter=form.chosen,
            quarter_days=form.days.data,
            because=form.because.data,
            by=g.person,
        ),
        said="Proposed. A director of the other authority agrees or declines.",
        show=url_for("support_days.of_one", id=id),
        partnership=partnership,
        room=room_of(partnership),
        free=queries.free_in(partnership),
    )


@bp.post("/extras/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    extra = web.find(queries.extras_visible_to(g.person), id)
    show = url_for("support_days.of_one", id=extra.partnership_id, _anchor="extra")
    return web.press(extra, verb, actions.DEEDS, show=show)
