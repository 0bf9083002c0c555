"""Needs: describing them, who sees what when, readiness, moving on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.fields.typed import whole
from broker.help.queries import warnings_about
from broker.models.need import Need, NeedState, Priority, Wish
from broker.models.person import Role
from broker.models.signing import Signer, standing
from broker.needs import actions, queries
from broker.needs.beginning import NeedForm
from broker.needs.forms import PartnerForm, PriorityForm
from broker.needs.page_forms import PageForm, ThemesForm
from broker.needs.released import released
from broker.needs.sections import GROUPS, SECTIONS, Section, after
from broker.needs.suggesting import pointers
from broker.permissions import RECEIVING, SUGGESTING
from broker.stages import stages_of
from broker.web import render

bp = Blueprint("needs", __name__)
Page = Response | str | tuple[str, int]
READERS = (
    Role.DIRECTOR,
    Role.IMPROVEMENT_LEAD,
    Role.COORDINATOR,
    Role.DFE_LEAD,
    Role.PROGRAMME_MANAGER,
)


def _find(need_id: int) -> Need:
    return web.find(queries.needs_visible_to(g.person), need_id)


@bp.get("/needs")
@web.only(*READERS)
def index() -> str:
    wanted = _wanted()
    page = web.page_of(queries.listed(g.person, wanted))
    return render(
        "needs/index.html",
        page=page,
        ages={need.id: queries.age_in_words(need) for need in page.items},
        wanted=wanted,
        states=list(NeedState),
        themes=queries.themes(),
        orders=queries.ORDERS,
        can_describe=bool(queries.receiving_authorities(g.person)),
        reads_suggested=bool(g.person.holding(*RECEIVING, *SUGGESTING)),
    )


def _wanted() -> queries.Wanted:
    """What the address asks for; what it does not know it leaves out."""
    states = {state.value: state for state in NeedState}
    order = request.args.get("order", "")
    return queries.Wanted(
        words=web.searched(),
        state=states.get(request.args.get("state", "")),
        theme_id=request.args.get("theme", type=whole),
        order=order if order in queries.ORDERS else "newest",
    )


@bp.route("/needs/new", methods=["GET", "POST"])
@web.signed_in
def new() -> Page:
    receivers = queries.receiving_authorities(g.person)
    if not receivers:
        raise NotAllowed("To describe a need, you need to be a director or improvement lead.")
    form = NeedForm.blank(receivers)
    if form.validate_on_submit() and (need := _described(form)):
        flash(f"Saved: {need.title}. It is private to your authority.", "success")
        return redirect(url_for(".tasks", id=need.id))
    return render("needs/new.html", form=form), 422 if form.is_submitted() else 200


def _described(form: NeedForm) -> Need | None:
    """The new need, or None with the refusal shown on the form."""
    try:
        return actions.describe(
            receiver=form.authority,
            programme=form.chosen_programme,
            terms=form.terms,
            by=g.person,
        )
    except (NotRight, NotPossible) as error:
        web.put_right(form, error)
        return None


@bp.get("/needs/<int:id>")
@web.signed_in
def show(id: int) -> str:
    need = _find(id)
    is_inside = queries.is_inside(g.person, need)
    return render(
        "needs/show.html",
        need=need,
        released=released(need),
        is_inside=is_inside,
        is_own=queries.is_own(g.person, need),
        around=queries.around(need) if is_inside else None,
        readiness=queries.readiness_of(need) if is_inside else [],
        standing=standing(need) if is_inside else {},
        warned=warnings_about(need) if is_inside else [],
        signers=Signer,
        events=history_of(need),
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, need)},
        waits=_why_buttons_wait(need),
        steps=stages_of(need),
    )


def _why_buttons_wait(need: Need) -> list[str]:
    """What stands in the way of verbs the person has, said before they press."""
    rows = [row for row in taking.verbs_open_to(g.person, need) if row.is_pressed]
    said = ((row, taking.why_not(need, row)) for row in rows)
    return [f"{row.label}: {words}" for row, words in said if words]


# -- the task list ----------------------------------------------------------------------------


@bp.get("/needs/<int:id>/tasks")
@web.signed_in
def tasks(id: int) -> str:
    need = _find(id)
    web.asked(need, "edit")
    return render("needs/tasks.html", need=need, groups=GROUPS)


@bp.route("/needs/<int:id>/tasks/<name>", methods=["GET", "POST"])
@web.signed_in
def section(id: int, name: str) -> Page:
    """One page of the task list: saved, and on to the next."""
    need = _find(id)
    web.asked(need, "edit")
    page = SECTIONS.get(name) or abort(404)
    form = _page_form(page, need)
    following = after(name)
    template, beside = _beside(name, need)
    onward = url_for(".section", id=id, name=following) if following else url_for(".check", id=id)
    return web.settle(
        form,
        template,
        lambda: actions.write_in(need, form.answers, programme=form.moved_to, by=g.person),
        said="Saved.",
        show=onward,
        need=need,
        section=page,
        **beside,
    )


def _page_form(page: Section, need: Need) -> PageForm:
    adding = request.args.get("theme", type=whole)
    if page.form is ThemesForm:
        return ThemesForm.of(need, adding)
    return page.form.of(need)


def _beside(name: str, need: Need) -> tuple[str, dict[str, Any]]:
    """The template of a page, and what stands beside its form."""
    if name == "themes":
        return "needs/themes.html", {"pointers": pointers(need.receiver, queries.themes())}
    if name == "days":
        return "needs/days.html", {"spreads": actions.spreads(need)}
    if name == "release":
        return "needs/release.html", {"released": released(need)}
    return "needs/section.html", {}


@bp.get("/needs/<int:id>/check")
@web.signed_in
def check(id: int) -> str:
    """Everything typed, to read through before it is shared or signed off."""
    need = _find(id)
    web.asked(need, "edit")
    return render(
        "needs/check.html",
        need=need,
        groups=GROUPS,
        released=released(need),
        waits=_why_buttons_wait(need),
    )


@bp.route("/needs/<int:id>/partners", methods=["GET", "POST"])
@web.signed_in
def partners(id: int) -> Page:
    need = _find(id)
    web.asked(need, "edit")
    form = PartnerForm.about(need)
    return web.settle(
        form,
        "needs/partners.html",
        lambda: actions.speak_of(
            need, form.chosen, wish=Wish(form.wish.data), reason=form.reason.data or "", by=g.person
        ),
        said="Saved. Your coordinator reads it once you share or submit this need; nobody else.",
        show=url_for(".partners", id=id),
        need=need,
    )


@bp.post("/needs/<int:id>/partners/<int:partner_id>/remove")
@web.signed_in
def unsay(id: int, partner_id: int) -> Response:
    actions.unsay(_find(id), partner_id, by=g.person)
    flash("Taken out.", "success")
    return redirect(url_for(".partners", id=id))


@bp.post("/needs/<int:id>/follow-on")
@web.signed_in
def follow_on(id: int) -> Response:
    made = actions.follow_on(_find(id), by=g.person)
    flash("A follow-on is begun: a private copy, linked to this need. Change what differs.")
    return redirect(url_for(".tasks", id=made.id))


@bp.route("/needs/<int:id>/priority", methods=["GET", "POST"])
@web.signed_in
def priority(id: int) -> Page:
    need = _find(id)
    web.asked(need, "set_priority")
    form = PriorityForm(data={"priority": need.priority.value, "because": need.priority_because})
    return web.settle(
        form,
        "needs/priority.html",
        lambda: actions.set_priority(
            need, Priority(form.priority.data), because=form.because.data or "", by=g.person
        ),
        said="The priority is set.",
        show=url_for(".show", id=id),
        need=need,
    )


@bp.post("/needs/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    """What is sent back is its authority's alone again, so its sender goes to the list."""
    ends = {"send_back": url_for(".index"), "grow": url_for(".tasks", id=id)}
    show = ends.get(verb, url_for(".show", id=id))
    return web.press(_find(id), verb, actions.DEEDS, show=show)
