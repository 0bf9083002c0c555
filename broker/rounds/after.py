"""What is done with a round that has ended: run again, compare, change, ask, look further."""

from __future__ import annotations

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.errors import NotRight
from broker.fields.typed import whole
from broker.matching.compare import compare as compared
from broker.matching.instance import StatedPlan
from broker.matching.reading import read_plan
from broker.models.match import Round, RoundState
from broker.rounds import actions, hand, queries
from broker.rounds.forms import AskForm, MatchForm
from broker.rounds.views import RUNNERS, bp, find_round
from broker.taking import take
from broker.web import render

__all__ = ["bp"]
Page = Response | str | tuple[str, int]
MOST_ASKED = 400  # quarter-days


@bp.post("/rounds/<int:id>/again")
@web.only(*RUNNERS)
def again(id: int) -> Response:
    is_same = request.form.get("inputs") == "same"
    round_ = actions.again(find_round(id), with_same_inputs=is_same, by=g.person)
    flash("The round is on its way.", "success")
    return redirect(url_for(".show", id=round_.id))


@bp.post("/rounds/<int:id>/keep")
@web.only(*RUNNERS)
def keep(id: int) -> Response:
    take(find_round(id), "keep", by=g.person)
    flash("Kept: the plan as it was when the round was stopped.", "success")
    return redirect(url_for(".show", id=id))


@bp.post("/rounds/<int:id>/further")
@web.only(*RUNNERS)
def further(id: int) -> Response:
    round_ = find_round(id)
    if not round_.result:
        abort(409)
    actions.look_further(round_)
    flash("The worker is finding out. It takes less than a minute.", "success")
    return redirect(url_for(".show", id=id))


@bp.get("/rounds/<int:id>/compare/<int:other_id>")
@web.only(*RUNNERS)
def compare(id: int, other_id: int) -> str:
    before, after = find_round(other_id), find_round(id)
    if not before.result or not after.result:
        abort(404)
    found = compared(_stated(before), _stated(after))
    names = {**(before.inputs or {}).get("names", {}), **(after.inputs or {}).get("names", {})}
    return render(
        "rounds/compare.html",
        before=before,
        after=after,
        found=found,
        names=names,
        quarters=(after.inputs or {})["quarters"],
    )


def _stated(round_: Round) -> StatedPlan:
    return read_plan({"matches": hand.matches_of(round_)})


@bp.route("/rounds/<int:id>/edit", methods=["GET", "POST"])
@web.only(*RUNNERS)
def edit(id: int) -> Page:
    round_ = find_round(id)
    web.asked(round_, "edit_by_hand")
    hand.must_be_whose(round_, g.person)
    form = _match_form(round_)
    if form.validate_on_submit():
        try:
            start = None if round_.is_conversation else int(form.start.data)
            hand.put_in(round_, form.need.data, form.provider.data, start, by=g.person)
        except NotRight as error:
            web.put_right(form, error)
        else:
            flash("Put in, and judged again.", "success")
            return redirect(url_for(".edit", id=id))
    proposed, _ = queries.plan_of(round_)
    return render(
        "rounds/edit.html",
        round=round_,
        form=form,
        proposed=proposed,
        broken=hand.what_breaks(round_),
    ), 422 if form.is_submitted() else 200


def _match_form(round_: Round) -> MatchForm:
    kept = round_.inputs or {}
    names = kept["names"]
    form = MatchForm()
    form.need.choices = [(row["id"], names.get(row["id"], row["id"])) for row in kept["needs"]]
    form.provider.choices = [
        (row["id"], names.get(row["id"], row["id"])) for row in kept["providers"]
    ]
    form.start.choices = [(str(at), words) for at, words in enumerate(kept["quarters"])]
    if round_.is_conversation:
        del form.start
    return form


@bp.post("/rounds/<int:id>/take-out")
@web.only(*RUNNERS)
def take_out(id: int) -> Response:
    round_ = find_round(id)
    need, provider = request.form.get("need", ""), request.form.get("provider", "")
    hand.take_out(round_, need, provider, by=g.person)
    flash("Taken out, and judged again.", "success")
    return redirect(url_for(".edit", id=id))


@bp.post("/rounds/<int:id>/undo")
@web.only(*RUNNERS)
def undo(id: int) -> Response:
    hand.undo(find_round(id), by=g.person)
    flash("The plan is again as it was found.", "success")
    return redirect(url_for(".show", id=id))


@bp.route("/rounds/<int:id>/ask-days", methods=["GET", "POST"])
@web.only(*RUNNERS)
def ask_days(id: int) -> Page:
    round_ = find_round(id)
    if round_.state is RoundState.QUEUED:
        abort(404)
    days = request.args.get("days", 0, type=whole)
    quarter = request.args.get("quarter", "")
    capacity = queries.capacity_of(request.args.get("provider", ""), round_.programme_id)
    if capacity is None or not 0 < days <= MOST_ASKED:
        abort(404)
    if quarter not in (round_.inputs or {}).get("quarters", ()):
        abort(404)
    return web.settle(
        AskForm(),
        "rounds/ask_days.html",
        lambda: actions.ask_for_days(capacity, days=days, quarter=quarter, by=g.person),
        said=f"Asked {capacity.provider.name}. When they set out more days, run the round again.",
        show=url_for(".show", id=id),
        round=round_,
        capacity=capacity,
        days=days,
        quarter=quarter,
    )
