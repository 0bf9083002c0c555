"""Partnerships: the list, what they are for and how far they are, moving days, downloads."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import clock, web
from broker.endings.queries import may_now
from broker.events import history_of
from broker.exports.columns import PARTNERSHIPS
from broker.exports.download import as_csv
from broker.extensions.queries import extensions_of
from broker.facts.review import clear
from broker.feedback.queries import links_for
from broker.models.partnership import Partnership, PartnershipState
from broker.models.person import Role
from broker.partnerships import actions, queries
from broker.partnerships.forms import MoveForm, ReviewForm
from broker.partnerships.queries import Listed
from broker.partnerships.story import story_of, sums_of
from broker.permissions import GIVING, RECEIVING
from broker.phases.actions import pause
from broker.phases.rhythm import phase_of
from broker.plans.queries import planned_end
from broker.support_days.queries import can_log
from broker.web import render

bp = Blueprint("partnerships", __name__)
Page = Response | str | tuple[str, int]
DEEDS = {
    "end": actions.end,
    "end_early": actions.end_early,
    "pause": pause,
}
WITH_PAGES = ("resume", "vary", "say_why", "look_back", "read_report")
STATES = {state.value: state for state in PartnershipState}


def _find(partnership_id: int) -> Partnership:
    return web.find(queries.partnerships_visible_to(g.person), partnership_id)


def _filtered() -> list[Listed]:
    state = STATES.get(request.args.get("state", ""))
    return queries.listed(g.person, search=web.searched(), state=state)


@bp.get("/partnerships")
@web.signed_in
def index() -> str:
    return render(
        "partnerships/index.html",
        page=web.page_of(_filtered()),
        states=STATES,
        records=bool(g.person.holding(*GIVING, *RECEIVING, Role.COORDINATOR)),
        can_log=partial(can_log, g.person),
    )


@bp.get("/partnerships.csv")
@web.signed_in
def download() -> Response:
    return as_csv(PARTNERSHIPS, _filtered())


@bp.get("/partnerships/<int:id>")
@web.signed_in
def show(id: int) -> str:
    """The overview: who, what for, how far. Its other pages hang on layouts/partnership.html."""
    partnership = _find(id)
    coordinates = queries.coordinates(g.person, partnership)
    return render(
        "partnerships/show.html",
        partnership=partnership,
        plan=queries.plan_of(partnership),
        planned_end=planned_end(partnership) if partnership.is_live else None,
        today=clock.today(),
        can_log=can_log(g.person, partnership),
        to_say=links_for(g.person, partnership),
        phase=phase_of(partnership),
        may={verb: may_now(g.person, partnership, verb) for verb in WITH_PAGES},
        extensions=extensions_of(partnership),
        reviews=bool(coordinates and partnership.review_reason),
    )


@bp.get("/partnerships/<int:id>/story")
@web.signed_in
def story(id: int) -> str:
    """All that happened on one page, from the opening on; then the history."""
    partnership = _find(id)
    is_party = bool(queries.sides_of(g.person, partnership))
    return render(
        "partnerships/story.html",
        partnership=partnership,
        story=story_of(partnership),
        sums=sums_of(partnership),
        events=history_of(partnership),
        sees_reasons=is_party or queries.coordinates(g.person, partnership),
    )


@bp.route("/partnerships/<int:id>/review", methods=["GET", "POST"])
@web.signed_in
def review(id: int) -> Page:
    """The coordinator's answer to a flag."""
    partnership = _find(id)
    web.asked(partnership, "clear_flag")
    form = ReviewForm()
    return web.settle(
        form,
        "partnerships/review.html",
        lambda: clear(partnership, reason=form.reason.data, by=g.person),
        said="Your review is recorded and both authorities are told.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )


@bp.post("/partnerships/<int:id>/begin")
@web.signed_in
def begin(id: int) -> Response:
    """The agreement and the plan of one that opened before these were kept."""
    partnership = _find(id)
    actions.begin_papers(partnership, by=g.person)
    flash("The agreement and the plan are begun. Both sides can change them.", "success")
    return redirect(url_for("agreements.show", id=id))


@bp.post("/partnerships/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, DEEDS, show=url_for(".show", id=id))


@bp.route("/partnerships/<int:id>/move-days", methods=["GET", "POST"])
@web.signed_in
def move_days(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "move_days")
    movable = queries.movable_in(partnership)
    form = MoveForm.of(movable)
    return web.settle(
        form,
        "partnerships/move_days.html",
        lambda: _move(partnership, form),
        said="The days are moved. The other side is told.",
        show=url_for("support_days.of_one", id=id),
        partnership=partnership,
        movable=movable,
    )


def _move(partnership: Partnership, form: MoveForm) -> None:
    source, target = form.quarters
    actions.move_days(
        partnership,
        source=source,
        target=target,
        quarter_days=form.days.data,
        reason=form.reason.data,
        by=g.person,
    )
