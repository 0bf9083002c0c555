"""Offers: the public prospectus, an offer's page, and its own people's forms and verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.capacity.queries import bars, free_in, giving_authorities, is_uncovered
from broker.eligibility import improved_lately
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.models.authority import Authority
from broker.models.offer import Offer, OfferState
from broker.models.programme import Programme
from broker.offers import actions, prospectus, queries
from broker.offers.forms import OfferForm
from broker.permissions import GIVING
from broker.prospectus import queries as searching
from broker.prospectus.asked import read
from broker.prospectus.cards import cards_of
from broker.prospectus.panel import shown_with
from broker.prospectus.words import plain
from broker.web import render

bp = Blueprint("offers", __name__)
Page = Response | str | tuple[str, int]


def _find(offer_id: int) -> Offer:
    return web.find(queries.offers_visible_to(g.person), offer_id)


@bp.get("/offers")
def index() -> str:
    search = searching.search(read(request.args), g.person)
    found = search.found.candidates
    is_whole = request.args.get("print") == "1"
    page = web.page_of(found, size=max(len(found), 1) if is_whole else web.PAGE_SIZE)
    page.items = cards_of(page.items)
    return render(
        "offers/print.html" if is_whole else "offers/index.html",
        page=page,
        is_giver=bool(g.person and g.person.holding(*GIVING)),
        **shown_with(search, page.items),
    )


@bp.get("/offers/mine")
@web.only(*GIVING)
def mine() -> str:
    known = {state.value: state for state in OfferState}
    state = known.get(request.args.get("state", ""))
    words = plain(request.args.get("q", ""))
    found = queries.own_offers(g.person, words=words, state=state)
    return render(
        "offers/mine.html", page=web.page_of(found), states=known, state=state, words=words
    )


@bp.get("/offers/<int:id>")
def show(id: int) -> str:
    offer = _find(id)
    is_own = queries.is_own(g.person, offer)
    balances = queries.balances_of(offer)
    return render(
        "offers/show.html",
        offer=offer,
        version=offer.current,
        improved=improved_lately(offer.provider, [row.theme for row in offer.current.themes]),
        bars=bars(balances),
        free=free_in(balances),
        is_uncovered=is_uncovered(offer.provider_id, offer.programme_id),
        is_own=is_own,
        may_ask=queries.may_ask(g.person, offer),
        events=history_of(offer) if is_own else [],
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, offer)},
        waits=_why_buttons_wait(offer) if is_own else [],
    )


def _why_buttons_wait(offer: Offer) -> list[str]:
    """What stands in the way of verbs the person has, said before they press."""
    rows = taking.verbs_open_to(g.person, offer)
    said = ((row, taking.why_not(offer, row)) for row in rows if row.is_pressed)
    return [f"{row.label}: {words}" for row, words in said if words]


def _form(
    *,
    providers: Sequence[Authority] = (),
    programmes: Sequence[Programme] = (),
    offer: Offer | None = None,
) -> OfferForm:
    return OfferForm.asking(
        headings=prospectus.headings(),
        lists=queries.lists(),
        providers=providers,
        programmes=programmes,
        said=offer.current if offer else None,
        programme=offer.programme if offer else None,
    )


@bp.route("/offers/new", methods=["GET", "POST"])
@web.only(*GIVING)
def new() -> Page:
    providers = giving_authorities(g.person)
    programmes = queries.open_programmes()
    form = _form(providers=providers, programmes=programmes)
    if form.validate_on_submit():
        try:
            offer = actions.draft(
                provider=form.chosen_provider(providers),
                programme=form.chosen_programme(programmes),
                terms=form.terms,
                by=g.person,
            )
        except (NotRight, NotPossible) as error:
            web.put_right(form, error)
        else:
            flash("The draft is kept. Read it through, then sign it off or ask.", "success")
            return redirect(url_for(".show", id=offer.id))
    return render("offers/new.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/offers/<int:id>/edit", methods=["GET", "POST"])
@web.signed_in
def edit(id: int) -> Page:
    offer = _find(id)
    web.asked(offer, "edit")
    programmes = queries.open_programmes()
    form = _form(programmes=programmes, offer=offer)
    return web.settle(
        form,
        "offers/edit.html",
        lambda: actions.edit(
            offer,
            replace(form.terms, programmes=(form.chosen_programme(programmes),)),
            by=g.person,
        ),
        said="The draft is changed.",
        show=url_for(".show", id=id),
        offer=offer,
    )


@bp.route("/offers/<int:id>/revise", methods=["GET", "POST"])
@web.signed_in
def revise(id: int) -> Page:
    offer = _find(id)
    web.asked(offer, "revise")
    form = _form(offer=offer)
    return web.settle(
        form,
        "offers/revise.html",
        lambda: actions.revise(
            offer, replace(form.terms, programmes=tuple(offer.programmes)), by=g.person
        ),
        said="The new version stands. What was agreed on earlier ones stays as it was.",
        show=url_for(".show", id=id),
        offer=offer,
    )


@bp.post("/offers/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, actions.DEEDS, show=url_for(".show", id=id))
