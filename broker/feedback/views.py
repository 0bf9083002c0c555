"""Feedback: the receiver says how a partnership went."""

from __future__ import annotations

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.feedback import actions
from broker.feedback.forms import FeedbackForm
from broker.feedback.queries import verb_of
from broker.models.match import Side
from broker.partnerships.queries import partnerships_visible_to

bp = Blueprint("feedback", __name__)
Page = Response | str | tuple[str, int]


@bp.route("/partnerships/<int:id>/feedback", methods=["GET", "POST"])
@web.signed_in
def answer(id: int) -> Page:
    partnership = web.find(partnerships_visible_to(g.person), id)
    web.asked(partnership, verb_of(partnership))
    form = FeedbackForm.of(partnership.feedback_of(Side.RECEIVER))
    return web.settle(
        form,
        "feedback/answer.html",
        lambda: actions.answer(partnership, form.answers, by=g.person),
        said="Thank you. Both sides can read it now.",
        show=url_for("partnerships.show", id=id, _anchor="feedback"),
        partnership=partnership,
    )
