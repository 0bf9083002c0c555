"""Beside the prospectus: the list as files, offers side by side, providers, saved searches."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from broker import web
from broker.exports import download
from broker.exports.columns import OFFERS
from broker.feedback.queries import what_provider_learned, what_receivers_said
from broker.models.searching import SavedSearch
from broker.prospectus import actions, cards, queries
from broker.prospectus.asked import Asked, compared_in, read
from broker.prospectus.can_use import case_of, in_general
from broker.prospectus.forms import NameForm
from broker.prospectus.journey import journey_of
from broker.web import render

bp = Blueprint("prospectus", __name__)
Page = AnyResponse | str | tuple[str, int]


# -- the list as files ------------------------------------------------------------------------


def _whole() -> list[cards.Card]:
    """Every offer that the address asks for, in its order."""
    return cards.cards_of(queries.search(read(request.args), g.person).found.candidates)


@bp.get("/offers.csv")
def as_csv() -> Response:
    return download.as_csv(OFFERS, _whole())


@bp.get("/offers.json")
def as_json() -> Response:
    return download.as_json(OFFERS, _whole())


# -- side by side -----------------------------------------------------------------------------


@bp.get("/offers/compare")
def compare() -> str:
    asked = compared_in(request.args, "offer")
    search = queries.search(Asked(compared=asked), g.person)
    shown = cards.cards_of(search.compared)
    return render(
        "prospectus/compare.html",
        cards=shown,
        tallest=cards.tallest(shown),
        gone=len(asked) - len(shown),
        back_url=url_for("offers.index", compare=asked),
    )


@bp.get("/offers/<int:offer_id>/can-we-use-this")
def can_use(offer_id: int) -> str:
    """The reader's own case, or general words for those without one."""
    offer = web.find(queries.offers_visible_to(g.person), offer_id)
    return render(
        "prospectus/can_use.html",
        offer=offer,
        cases=[case_of(offer, one) for one in queries.receiving_authorities(g.person)],
        general=in_general(offer, queries.region_names()),
    )


@bp.get("/providers/<code>")
def provider(code: str) -> str:
    authority = queries.provider(code)
    if authority is None:
        abort(404)
    shown = cards.published_by(authority.id)
    return render(
        "prospectus/provider.html",
        said=what_receivers_said(authority),
        learned=what_provider_learned(authority),
        authority=authority,
        cards=shown,
        tallest=cards.tallest(shown),
        journey=journey_of(authority),
    )


# -- saved searches ---------------------------------------------------------------------------


def _find(search_id: int) -> SavedSearch:
    return web.find(queries.saved_by(g.person), search_id)


@bp.get("/searches")
@web.signed_in
def searches() -> str:
    saved = queries.searches_of(g.person)
    page = web.page_of(saved)
    pairs = [(one, actions.asked_in(one)) for one in page.items]
    counts = queries.counted(g.person, pairs)
    return render("prospectus/searches.html", page=page, counts=counts)


@bp.post("/searches")
@web.signed_in
def save() -> AnyResponse:
    asked = read(MultiDict(request.form))
    saved = actions.save(asked, name=request.form.get("name", ""), by=g.person)
    flash(f"The search ‘{saved.name}’ is saved. You are told when a new offer fits it.", "success")
    return redirect(url_for(".searches"))


@bp.route("/searches/<int:id>/rename", methods=["GET", "POST"])
@web.signed_in
def rename(id: int) -> Page:
    saved = _find(id)
    form = NameForm(data={"name": saved.name})
    return web.settle(
        form,
        "prospectus/rename.html",
        lambda: actions.rename(saved, name=form.name.data or "", by=g.person),
        said="The search has its new name.",
        show=url_for(".searches"),
        saved=saved,
    )


@bp.post("/searches/<int:id>/delete")
@web.signed_in
def delete(id: int) -> AnyResponse:
    saved = _find(id)
    actions.forget(saved, by=g.person)
    flash(f"The search ‘{saved.name}’ is deleted.", "success")
    return redirect(url_for(".searches"))
