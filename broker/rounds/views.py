"""Rounds of the matcher: look first, run, read, take up."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.authorities import tiles
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.exports.download import as_csv
from broker.exports.round_columns import ROUND_PLAN
from broker.jobs import job_for
from broker.models.authority import Region
from broker.models.match import ALL_ENGLAND, Round, RoundKind, RoundState
from broker.models.person import Role
from broker.models.programme import Programme
from broker.rounds import actions, adopting, hand, inputs, queries
from broker.rounds.forms import RoundForm
from broker.rounds.picture import whom
from broker.rounds.settings import RoundSettings, minimums_in, pairs_in
from broker.web import render

bp = Blueprint("rounds", __name__)
RUNNERS = (Role.COORDINATOR, Role.PROGRAMME_MANAGER)
ENGLAND = "england"
DEEDS = {"cancel": actions.cancel, "withdraw": actions.withdraw}
Page = Response | str | tuple[str, int]


def find_round(round_id: int) -> Round:
    return web.find(queries.rounds_visible_to(g.person), round_id)


@bp.get("/rounds")
@web.only(*RUNNERS)
def index() -> str:
    kind, state = web.searched("kind"), web.searched("state")
    return render(
        "rounds/index.html",
        page=web.page_of(queries.listed(g.person, kind=kind, state=state)),
        kinds=RoundKind,
        states=RoundState,
        kind=kind,
        state=state,
    )


@bp.route("/rounds/new", methods=["GET", "POST"])
@web.only(*RUNNERS)
def new() -> Page:
    """Filled in, then looked at, then queued: the look carries what was filled in."""
    regions = queries.regions_of(g.person)
    programmes = {str(p.id): p for p in queries.programmes_of(g.person)}
    form = _form(regions, programmes)
    if not form.validate_on_submit():
        return render("rounds/new.html", form=form), 422 if form.is_submitted() else 200
    region, programme = regions.get(form.region.data), programmes[form.programme.data]
    kind = RoundKind(form.kind.data)
    try:
        queries.must_be_run_by(g.person, programme, region)
        settings = _settings(form)
    except NotRight as error:
        web.put_right(form, error)
        return render("rounds/new.html", form=form), 422
    if "confirmed" not in request.form:
        return _look(form, region, programme, kind, settings)
    round_ = actions.run(
        programme=programme,
        region=region,
        aim=form.aim.data,
        kind=kind,
        settings=settings,
        seconds=form.seconds.data,
        by=g.person,
    )
    flash("The round is on its way.", "success")
    return redirect(url_for(".show", id=round_.id))


def _form(regions: dict[str, Any], programmes: dict[str, Programme]) -> RoundForm:
    form = RoundForm(
        kind="commitment", aim="fit", region=next(iter(regions), ENGLAND), seconds=actions.SECONDS
    )
    form.region.choices = [(key, region.name) for key, region in regions.items()]
    if g.person.holding(Role.PROGRAMME_MANAGER):
        form.region.choices.append((ENGLAND, ALL_ENGLAND))
    form.programme.choices = [(key, one.name) for key, one in programmes.items()]
    return form


def _settings(form: RoundForm) -> RoundSettings:
    usual = RoundSettings()
    return RoundSettings(
        form.each_need.data or usual.each_need,
        form.each_provider.data or usual.each_provider,
        minimums_in(form.minimums.data or ""),
        pairs_in(form.musts.data or "", field="musts"),
        pairs_in(form.forbidden.data or "", field="forbidden"),
    )


def _look(
    form: RoundForm,
    region: Region | None,
    programme: Programme,
    kind: RoundKind,
    settings: RoundSettings,
) -> str:
    gathered = inputs.gather(programme, region.id if region else None, kind, settings)
    typed = [
        (name, value)
        for name, value in request.form.items()
        if name in form and name not in ("csrf_token",)
    ]
    return render(
        "rounds/look.html",
        look=inputs.look(gathered, settings),
        scope=region.name if region else ALL_ENGLAND,
        programme=programme,
        typed=typed,
        is_conversation=kind is RoundKind.CONVERSATION,
    )


@bp.get("/rounds/<int:id>")
@web.only(*RUNNERS)
def show(id: int) -> str:
    round_ = find_round(id)
    proposed, left = queries.plan_of(round_)
    verbs = {row.verb for row in taking.verbs_open_to(g.person, round_)}
    is_over = round_.state not in (RoundState.QUEUED, RoundState.RUNNING)
    return render(
        "rounds/show.html",
        round=round_,
        proposed=proposed,
        left=left,
        by_provider=queries.by_provider(proposed),
        job=job_for(f"round-{id}"),
        further_job=job_for(f"round-further-{id}"),
        further=(round_.result or {}).get("further"),
        history=history_of(round_),
        is_waiting=not is_over,
        may_adopt="adopt" in verbs,
        may_keep="keep" in verbs and bool(proposed),
        broken=hand.what_breaks(round_) if round_.hand is not None else [],
        untouched=len(adopting.untouched(round_)),
        others=queries.comparable(round_) if is_over else [],
        map=_map(proposed),
        whom=whom(proposed),
        may_shortlist=bool(g.person.holding(Role.COORDINATOR)),
    )


def _map(proposed: list[queries.Proposed]) -> tiles.TileMap:
    receivers = {one.need.receiver_id for one in proposed}
    return tiles.of_round(receivers, {one.offer.provider_id for one in proposed})


@bp.get("/rounds/<int:id>.csv")
@web.only(*RUNNERS)
def download(id: int) -> Response:
    return as_csv(ROUND_PLAN, queries.rows_of(find_round(id)), name=f"round-{id}")


@bp.post("/rounds/<int:id>/<verb:verb>")
@web.only(*RUNNERS)
def press(id: int, verb: str) -> Response:
    return web.press(find_round(id), verb, DEEDS, show=url_for(".show", id=id))


@bp.get("/rounds/<int:id>/adopt")
@web.only(*RUNNERS)
def adopt(id: int) -> str:
    round_ = find_round(id)
    web.asked(round_, "adopt")
    if broken := hand.what_breaks(round_):
        raise NotPossible(f"This plan breaks a rule and cannot be adopted. {broken[0]}")
    adoption = adopting.of_plan(queries.plan_of(round_)[0])
    return render("rounds/adopt.html", round=round_, adoption=adoption)


@bp.post("/rounds/<int:id>/adopt")
@web.only(*RUNNERS)
def do_adopt(id: int) -> Response:
    made = actions.adopt(find_round(id), by=g.person)
    said = "1 suggestion made" if len(made) == 1 else f"{len(made)} suggestions made"
    flash(f"{said}. Each receiver hears first, and asks.", "success")
    return redirect(url_for(".show", id=id))
