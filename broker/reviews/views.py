"""Reviews of a partnership: the list with how it goes, one review, answering, recording."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import clock, taking, web
from broker.events import history_of
from broker.health.queries import health_for
from broker.models.review import Review
from broker.partnerships.queries import partnerships_visible_to, sides_of
from broker.reviews import actions, queries
from broker.reviews.forms import DECISIONS, MEASURES, AnswersForm, RecordForm
from broker.showings.queries import shown_of
from broker.support_days.actions import side_of
from broker.web import render

bp = Blueprint("reviews", __name__)
Page = Response | str | tuple[str, int]
DEEDS = {"renew": actions.renew}


def _find(review_id: int) -> Review:
    return web.find(queries.reviews_visible_to(g.person), review_id)


@bp.get("/partnerships/<int:id>/reviews")
@web.signed_in
def index(id: int) -> str:
    """How the partnership goes, when it is looked at next, and every review."""
    partnership = web.find(partnerships_visible_to(g.person), id)
    return render(
        "reviews/index.html",
        partnership=partnership,
        reviews=queries.reviews_of(partnership, g.person),
        health=health_for(g.person, partnership),
        can_begin=any(
            row.verb == "begin_review" and taking.why_not(partnership, row) is None
            for row in taking.verbs_open_to(g.person, partnership)
        ),
    )


@bp.post("/partnerships/<int:id>/reviews")
@web.signed_in
def begin(id: int) -> Response:
    review = actions.begin(web.find(partnerships_visible_to(g.person), id), by=g.person)
    flash("The evidence is there. Each side answers for itself before you meet.", "success")
    return redirect(url_for(".show", id=review.id))


@bp.get("/reviews/<int:id>")
@web.signed_in
def show(id: int) -> str:
    review = _find(id)
    is_party = bool(sides_of(g.person, review.partnership))
    shown = shown_of(review.noun, [review.id]).get(review.id, [])
    return render(
        "reviews/show.html" if is_party else "reviews/shown.html",
        review=review,
        partnership=review.partnership,
        seen=queries.how_sides_see_it(review, g.person),
        shown=shown,
        words=shown[0].rows if shown else [],
        verbs={
            row.verb: taking.why_not(review, row) for row in taking.verbs_open_to(g.person, review)
        },
        events=history_of(review),
    )


@bp.route("/reviews/<int:id>/answer", methods=["GET", "POST"])
@web.signed_in
def answer(id: int) -> Page:
    review = _find(id)
    web.asked(review, "answer")
    side = side_of(review.partnership, by=g.person)
    form = AnswersForm.of(review, queries.own_answers(review, side))
    return web.settle(
        form,
        "reviews/answer.html",
        lambda: actions.answer(review, form.answers, by=g.person),
        said="Your side has answered. You read the other side's answers once both have.",
        show=url_for(".show", id=id),
        review=review,
    )


@bp.route("/reviews/<int:id>/record", methods=["GET", "POST"])
@web.signed_in
def record(id: int) -> Page:
    review = _find(id)
    web.asked(review, "record")
    form = RecordForm.of(clock.today(), queries.measures_of(review.partnership))
    return web.settle(
        form,
        "reviews/record.html",
        lambda: actions.record(review, form.said, by=g.person),
        said="The review is recorded. Both authorities read what goes out of it first.",
        show=url_for(".show", id=id),
        review=review,
        measures=MEASURES,
        decisions=DECISIONS,
    )


@bp.post("/reviews/<int:id>/decisions/<int:decision_id>")
@web.signed_in
def finish_decision(id: int, decision_id: int) -> Response:
    actions.finish_decision(_find(id), decision_id, by=g.person)
    flash("Done.", "success")
    return redirect(url_for(".show", id=id))


@bp.post("/reviews/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    review = _find(id)
    return web.press(review, verb, DEEDS, show=request.path.rpartition("/")[0])
