"""Suggested needs: the list, suggesting one, and what the authority makes of it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.models.need import Need
from broker.models.person import Role
from broker.models.suggested_need import SuggestedNeed
from broker.needs.beginning import NeedForm
from broker.suggested_needs import actions, queries
from broker.suggested_needs.forms import SuggestForm, take_up_form
from broker.web import render

bp = Blueprint("suggested_needs", __name__)
Page = Response | str | tuple[str, int]
SUGGESTERS = (Role.COORDINATOR, Role.DFE_LEAD, Role.ADVISER)
READERS = (Role.DIRECTOR, Role.IMPROVEMENT_LEAD, *SUGGESTERS)


def _find(suggested_id: int) -> SuggestedNeed:
    return web.find(queries.suggested_visible_to(g.person), suggested_id)


@bp.get("/suggested-needs")
@web.only(*READERS)
def index() -> str:
    words = web.searched()
    return render(
        "suggested_needs/index.html",
        page=web.page_of(queries.listed(g.person, words)),
        words=words,
        suggests=queries.may_suggest(g.person),
    )


@bp.route("/suggested-needs/new", methods=["GET", "POST"])
@web.only(*SUGGESTERS)
def new() -> Page:
    form = SuggestForm.among(queries.authorities_for(g.person))
    return web.settle(
        form,
        "suggested_needs/new.html",
        lambda: actions.suggest(
            receiver=form.chosen_receiver,
            theme=form.chosen_theme,
            title=form.title.data,
            because=form.because.data,
            strengths=form.strengths.data or "",
            days=form.days.data or 0,
            by=g.person,
        ),
        said="Suggested. It is theirs now, to take up, change or decline.",
        show=url_for(".index"),
    )


@bp.get("/suggested-needs/<int:id>")
@web.signed_in
def show(id: int) -> str:
    suggested = _find(id)
    seen = queries.seen(suggested, g.person)
    return render(
        "suggested_needs/show.html",
        suggested=suggested,
        seen=seen,
        history=history_of(suggested) if seen.is_own else [],
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, suggested)},
    )


@bp.route("/suggested-needs/<int:id>/take-up", methods=["GET", "POST"])
@web.signed_in
def take_up(id: int) -> Page:
    suggested = _find(id)
    web.asked(suggested, "take_up")
    form = take_up_form(suggested)
    if form.validate_on_submit() and (need := _taken_up(suggested, form)):
        flash(f"Saved: {need.title}. It is private to your authority.", "success")
        return redirect(url_for("needs.tasks", id=need.id))
    page = render("suggested_needs/take_up.html", form=form, suggested=suggested)
    return page, 422 if form.is_submitted() else 200


def _taken_up(suggested: SuggestedNeed, form: NeedForm) -> Need | None:
    """The need it became, or None with the refusal shown on the form."""
    try:
        return actions.take_up(
            suggested, programme=form.chosen_programme, terms=form.terms, by=g.person
        )
    except (NotRight, NotPossible) as error:
        web.put_right(form, error)
        return None


@bp.post("/suggested-needs/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, show=url_for(".show", id=id))
