"""The plan of a partnership: as it stands, version by version, and the pages to write it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import plan_conditions, web
from broker.clock import Quarter
from broker.endings.queries import may_now
from broker.events import history_of
from broker.fields.typed import whole
from broker.models.partnership import Partnership
from broker.models.plan import ChangeReason, Objective, Plan, PlanState
from broker.partnerships.queries import partnerships_visible_to
from broker.plans import actions, queries
from broker.plans.differences import differences
from broker.plans.forms import ActivityForm, MeasureForm, ObjectiveForm, ReviseForm, TaperForm
from broker.web import render

bp = Blueprint("plans", __name__)
Page = Response | str | tuple[str, int]
DEEDS = {"agree": actions.agree}
PARTS = ("objective", "activity", "measure")


def _partnership(partnership_id: int) -> Partnership:
    return web.find(partnerships_visible_to(g.person), partnership_id)


def _find(plan_id: int) -> Plan:
    return web.find(queries.plans_visible_to(g.person), plan_id)


@bp.get("/partnerships/<int:id>/plan")
@web.signed_in
def show(id: int) -> str:
    """The version that stands, and the one that is being written."""
    partnership = _partnership(id)
    versions = queries.versions_of(partnership, g.person)
    written = next((one for one in versions if one.state is PlanState.BEING_WRITTEN), None)
    standing = next((one for one in versions if one.state is PlanState.AGREED), None)
    return _drawn(partnership, versions, written or standing, written)


@bp.get("/plans/<int:id>")
@web.signed_in
def version(id: int) -> str:
    """One version, whatever became of it."""
    plan = _find(id)
    versions = queries.versions_of(plan.partnership, g.person)
    written = plan if plan.state is PlanState.BEING_WRITTEN else None
    return _drawn(plan.partnership, versions, plan, written)


def _drawn(
    partnership: Partnership, versions: list[Plan], plan: Plan | None, written: Plan | None
) -> str:
    writes = bool(written and queries.may_write(g.person, written))
    return render(
        "plans/show.html",
        partnership=partnership,
        versions=versions,
        plan=plan,
        writes=writes and plan is written,
        missing=plan_conditions.missing_from_plan(written) if written else [],
        picture=queries.picture_of(plan) if plan else [],
        begins=may_now(g.person, partnership, "begin_papers"),
        can_revise=written is None and queries.may_revise(g.person, partnership),
        events=history_of(plan) if plan else [],
    )


@bp.get("/partnerships/<int:id>/plan/compare")
@web.signed_in
def compare(id: int) -> str:
    """Two versions side by side; the latest two unless others are asked for."""
    partnership = _partnership(id)
    versions = queries.versions_of(partnership, g.person)
    by_number = {one.number: one for one in versions}
    newest = max(by_number, default=0)
    after = by_number.get(request.args.get("after", newest, type=whole))
    before = by_number.get(request.args.get("before", newest - 1, type=whole))
    return render(
        "plans/compare.html",
        partnership=partnership,
        versions=versions,
        before=before,
        after=after,
        lines=differences(before, after) if before and after else [],
    )


@bp.route("/partnerships/<int:id>/plan/revise", methods=["GET", "POST"])
@web.signed_in
def revise(id: int) -> Page:
    partnership = _partnership(id)
    web.asked(Plan(partnership=partnership), "draft")
    form = ReviseForm()
    return web.settle(
        form,
        "plans/revise.html",
        lambda: actions.revise(
            partnership, ChangeReason(form.code.data), because=form.because.data, by=g.person
        ),
        said="The next version is begun. Change it, then both sides agree to it.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )


@bp.post("/plans/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    plan = _find(id)
    return web.press(plan, verb, DEEDS, show=url_for(".show", id=plan.partnership_id))


# -- writing ----------------------------------------------------------------------------------


def _written(plan_id: int) -> Plan:
    plan = _find(plan_id)
    web.asked(plan, "write")
    return plan


def _objective(plan: Plan, key: int) -> Objective:
    return next((one for one in plan.objectives if one.key == key), None) or abort(404)


@bp.route("/plans/<int:id>/objectives/<int:key>", methods=["GET", "POST"])
@web.signed_in
def objective(id: int, key: int) -> Page:
    """An objective; 0 for a new one."""
    plan = _written(id)
    known = _objective(plan, key) if key else None
    themes = queries.themes_of(plan.partnership, known)
    form = ObjectiveForm.of(known, themes)
    return web.settle(
        form,
        "plans/objective.html",
        lambda: actions.put_objective(plan, key or None, form.terms(themes), by=g.person),
        said="Kept in the plan.",
        show=url_for(".show", id=plan.partnership_id),
        plan=plan,
        key=key,
    )


@bp.route("/plans/<int:id>/objectives/<int:key>/activities/<int:inner>", methods=["GET", "POST"])
@web.signed_in
def activity(id: int, key: int, inner: int) -> Page:
    """What is done for an objective; 0 for something new."""
    plan = _written(id)
    within = _objective(plan, key)
    known = next((one for one in within.activities if one.key == inner), None)
    if inner and known is None:
        abort(404)
    form = ActivityForm.of(known, plan)
    return web.settle(
        form,
        "plans/activity.html",
        lambda: actions.put_activity(
            within,
            inner or None,
            what=form.what.data,
            quarter=Quarter(int(form.quarter.data)),
            quarter_days=form.days.data,
            by=g.person,
        ),
        said="Kept in the plan.",
        show=url_for(".show", id=plan.partnership_id),
        plan=plan,
        objective=within,
        inner=inner,
    )


@bp.route("/plans/<int:id>/objectives/<int:key>/measures/<int:inner>", methods=["GET", "POST"])
@web.signed_in
def measure(id: int, key: int, inner: int) -> Page:
    """How an objective is seen to be met; 0 for something new."""
    plan = _written(id)
    within = _objective(plan, key)
    known = next((one for one in within.measures if one.key == inner), None)
    if inner and known is None:
        abort(404)
    form = MeasureForm.of(known)
    return web.settle(
        form,
        "plans/measure.html",
        lambda: actions.put_measure(within, inner or None, form.terms, by=g.person),
        said="Kept in the plan.",
        show=url_for(".show", id=plan.partnership_id),
        plan=plan,
        objective=within,
        inner=inner,
    )


@bp.route("/plans/<int:id>/taper", methods=["GET", "POST"])
@web.signed_in
def taper(id: int) -> Page:
    plan = _written(id)
    form = TaperForm.of(plan)
    return web.settle(
        form,
        "plans/taper.html",
        lambda: actions.set_taper(plan, form.days, form["exit_on"].data, by=g.person),
        said="Kept in the plan.",
        show=url_for(".show", id=plan.partnership_id),
        plan=plan,
    )


@bp.post("/plans/<int:id>/drop/<part>/<int:key>/<int:inner>")
@web.signed_in
def drop(id: int, part: str, key: int, inner: int) -> Response:
    """Take a part out of the version being written; the version before keeps it."""
    plan = _written(id)
    if part not in PARTS:
        abort(404)
    actions.drop(plan, part, key, inner or None, by=g.person)
    flash("Taken out of this version.", "success")
    return redirect(url_for(".show", id=plan.partnership_id))
