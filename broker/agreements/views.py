"""How two sides work together: the agreement, who leads, the kick-off sheet, the context pack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, g, url_for
from werkzeug.wrappers import Response

from broker import clock, plan_conditions, web
from broker.agreements import actions, leads, queries
from broker.agreements.forms import AgreementForm, LeadForm
from broker.authorities import charts, figures
from broker.endings.queries import may_now
from broker.errors import NotAllowed
from broker.events import history_of
from broker.interventions.queries import standing_of
from broker.models.agreement import Lead, Post, WorkingAgreement
from broker.models.authority import Area
from broker.models.partnership import Partnership
from broker.partnerships.queries import coordinates, partnerships_visible_to, sides_of
from broker.partnerships.sides import side_of
from broker.plans.queries import standing_plan
from broker.web import render

bp = Blueprint("agreements", __name__)
Page = Response | str | tuple[str, int]
DEEDS: dict[str, Callable[..., Any]] = {"agree": actions.agree, "reopen": actions.reopen}
POSTS = {post.value: post for post in Post}


def _partnership(partnership_id: int) -> Partnership:
    return web.find(partnerships_visible_to(g.person), partnership_id)


def _find(agreement_id: int) -> WorkingAgreement:
    return web.find(queries.agreements_visible_to(g.person), agreement_id)


@bp.get("/partnerships/<int:id>/agreement")
@web.signed_in
def show(id: int) -> str:
    partnership = _partnership(id)
    agreement = queries.agreement_of(partnership)
    return render(
        "agreements/show.html",
        partnership=partnership,
        agreement=agreement,
        missing=plan_conditions.missing_from_agreement(agreement) if agreement else [],
        begins=may_now(g.person, partnership, "begin_papers"),
        can_write=bool(agreement and queries.may_write(g.person, agreement)),
        events=history_of(agreement) if agreement else [],
        sees_reasons=_is_near(partnership),
    )


def _is_near(partnership: Partnership) -> bool:
    """The two sides, and the receiving region's coordinator."""
    return bool(sides_of(g.person, partnership)) or coordinates(g.person, partnership)


@bp.route("/agreements/<int:id>/write", methods=["GET", "POST"])
@web.signed_in
def write(id: int) -> Page:
    agreement = _find(id)
    web.asked(agreement, "write")
    form = AgreementForm.of(agreement)
    return web.settle(
        form,
        "agreements/write.html",
        lambda: actions.write(agreement, form.terms, form.kpis, by=g.person),
        said="Kept. Both directors agree to it once it is complete.",
        show=url_for(".show", id=agreement.partnership_id),
        agreement=agreement,
    )


@bp.post("/agreements/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    agreement = _find(id)
    return web.press(agreement, verb, DEEDS, show=url_for(".show", id=agreement.partnership_id))


# -- who leads --------------------------------------------------------------------------------


@bp.get("/partnerships/<int:id>/leads")
@web.signed_in
def index(id: int) -> str:
    """Who is opposite whom, and who was before."""
    partnership = _partnership(id)
    every = leads.all_of(partnership)
    return render(
        "agreements/leads.html",
        partnership=partnership,
        pairs=leads.pairs(partnership, every),
        before=[one for one in every if one.until_on],
        churn=leads.churn(every),
        side=leads.side_that_names(g.person, partnership),
        sees_notes=_is_near(partnership),
    )


@bp.route("/partnerships/<int:id>/leads/<post>/<int:theme>", methods=["GET", "POST"])
@web.signed_in
def change(id: int, post: str, theme: int) -> Page:
    """Somebody else takes a post on one's own side; theme 0 is for the whole partnership."""
    partnership = _partnership(id)
    web.asked(partnership, "change_lead")
    held = POSTS.get(post) or abort(404)
    themes = {row.theme.id: row.theme for row in partnership.match.need.themes}
    if (held is Post.DIRECTOR) is not (theme == 0) or (theme and theme not in themes):
        abort(404)
    chosen = themes.get(theme)
    before: Lead | None = leads.holding(partnership, side_of(partnership, g.person), held, chosen)
    form = LeadForm()
    return web.settle(
        form,
        "agreements/change.html",
        lambda: leads.change(
            partnership,
            post=held,
            theme=chosen,
            who=form.who.data,
            note=form.note.data,
            by=g.person,
        ),
        said="Named. Both sides are told.",
        show=url_for(".index", id=id),
        partnership=partnership,
        post=held,
        theme=chosen,
        before=before,
    )


# -- to print ---------------------------------------------------------------------------------


@bp.get("/partnerships/<int:id>/kick-off")
@web.signed_in
def kick_off(id: int) -> str:
    """One sheet in plain language for the staff who take part."""
    partnership = _partnership(id)
    return render(
        "agreements/kick_off.html",
        partnership=partnership,
        agreement=queries.agreement_of(partnership),
        plan=standing_plan(partnership),
        pairs=leads.pairs(partnership, leads.all_of(partnership)),
    )


@bp.get("/partnerships/<int:id>/context")
@web.signed_in
def context(id: int) -> str:
    """What the provider should know of the receiver before the first day: for the two sides and the
    coordinator."""
    partnership = _partnership(id)
    if not _is_near(partnership):
        raise NotAllowed("This pack is for the two authorities and the regional coordinator.")
    receiver = partnership.receiver
    return render(
        "agreements/context.html",
        partnership=partnership,
        need=partnership.match.need,
        figures=figures.latest_of(receiver),
        timeline=charts.timeline(receiver.judgements, standing_of(receiver), clock.today()),
        areas=list(Area),
    )
