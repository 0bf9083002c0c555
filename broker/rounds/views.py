"""Rounds of the matcher."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.events import history_of
from broker.jobs import job_for
from broker.models.match import Round, RoundState
from broker.models.person import Role
from broker.rounds import actions, queries
from broker.rounds.forms import RoundForm
from broker.web import render

bp = Blueprint("rounds", __name__)
DEEDS = {"cancel": actions.cancel}
Page = Response | str | tuple[str, int]


def _find(round_id: int) -> Round:
    return web.find(queries.rounds_visible_to(g.person), round_id)


@bp.get("/rounds")
@web.only(Role.COORDINATOR)
def index() -> str:
    return render("rounds/index.html", page=web.page_of(queries.listed(g.person)))


@bp.route("/rounds/new", methods=["GET", "POST"])
@web.only(Role.COORDINATOR)
def new() -> Page:
    regions = {str(m.region_id): m.region for m in g.person.holding(Role.COORDINATOR)}
    programmes = {str(p.id): p for p in queries.open_programmes()}
    form = RoundForm(aim="fit", region=next(iter(regions)))
    form.region.choices = [(key, region.name) for key, region in regions.items()]
    form.programme.choices = [(key, one.name) for key, one in programmes.items()]
    if not form.validate_on_submit():
        return render("rounds/new.html", form=form), 422 if form.is_submitted() else 200
    round_ = actions.run(
        programme=programmes[form.programme.data],
        region=regions[form.region.data],
        aim=form.aim.data,
        by=g.person,
    )
    flash("The round is on its way.", "success")
    return redirect(url_for(".show", id=round_.id))


@bp.get("/rounds/<int:id>")
@web.only(Role.COORDINATOR)
def show(id: int) -> str:
    round_ = _find(id)
    proposed, left = queries.plan_of(round_)
    return render(
        "rounds/show.html",
        round=round_,
        proposed=proposed,
        left=left,
        job=job_for(f"round-{id}"),
        history=history_of(round_),
        is_waiting=round_.state in (RoundState.QUEUED, RoundState.RUNNING),
        may_adopt="adopt" in {row.verb for row in taking.verbs_open_to(g.person, round_)},
    )


@bp.post("/rounds/<int:id>/<verb:verb>")
@web.only(Role.COORDINATOR)
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, DEEDS, show=url_for(".show", id=id))


@bp.get("/rounds/<int:id>/adopt")
@web.only(Role.COORDINATOR)
def adopt(id: int) -> str:
    round_ = _find(id)
    web.asked(round_, "adopt")
    proposed, _ = queries.plan_of(round_)
    return render("rounds/adopt.html", round=round_, proposed=proposed)


@bp.post("/rounds/<int:id>/adopt")
@web.only(Role.COORDINATOR)
def do_adopt(id: int) -> Response:
    made = actions.adopt(_find(id), by=g.person)
    flash(f"{len(made)} suggestions made. Each receiver hears first, and asks.", "success")
    return redirect(url_for(".show", id=id))
