"""Offers: the public prospectus, an offer's page, and the pages on which it is written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import conditions, taking, web
from broker.capacity.queries import bars, free_under, giving_authorities, is_uncovered
from broker.eligibility import improved_lately
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.models.authority import Area
from broker.models.offer import Offer, OfferState, OfferVersion
from broker.offers import actions, queries, writing
from broker.offers.forms import PAGES, NewForm, PageForm, page_form
from broker.offers.known import Known
from broker.offers.terms import OfferTerms
from broker.permissions import GIVING
from broker.programme_conditions import one_of_its_programmes_is_open, programme_is_open
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
    page = web.page_of(found)
    return render("offers/mine.html", page=page, states=known, state=state, words=words)


@bp.get("/offers/<int:id>")
def show(id: int) -> str:
    offer = _find(id)
    is_own = queries.is_own(g.person, offer)
    balances = queries.balances_of(offer)
    return render(
        "offers/show.html",
        **_said(offer, offer.current),
        bars=bars(balances),
        free=free_under(offer.programme, balances),
        is_uncovered=is_uncovered(offer.provider_id, offer.programme_id),
        is_own=is_own,
        is_written_by=queries.is_written_by(g.person, offer),
        may_ask=queries.may_ask(g.person, offer),
        closed=one_of_its_programmes_is_open(offer),
        days_wait=programme_is_open(offer),
        events=history_of(offer) if is_own else [],
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, offer)},
        verbs=_verbs(offer, SHOWN_ON_PAGE),
        waits=_why_buttons_wait(offer) if is_own else [],
    )


def _said(offer: Offer, version: OfferVersion) -> dict[str, Any]:
    """What the pages that show a version look at."""
    return {
        "offer": offer,
        "version": version,
        "record": queries.record_of(offer.provider, [row.theme.area for row in version.themes]),
        "regions": Known().regions,
        "improved": improved_lately(offer.provider, [row.theme for row in version.themes]),
        "earlier": queries.partnerships_given(offer.provider_id),
        "why_not_under": queries.why_not_by_programme(offer, version),
    }


SHOWN_ON_PAGE = {"pause", "resume", "withdraw", "set_aside", "leave", "revise"}
SHOWN_ON_CHECK = {"ask_partners", "hand_over", "publish", "sign_off", "reword", "discard"}
SHOWN_ON_PREVIEW = {"join", "stay_out"}


def _verbs(offer: Offer, names: set[str]) -> list[web.Button]:
    """The buttons of some verbs that the person has, and that nothing stands in the way of."""
    rows = [row for row in taking.verbs_open_to(g.person, offer) if row.verb in names]
    free = {row.label for row in rows if taking.why_not(offer, row) is None}
    return [button for button in web.verbs_for(offer, "offers.press") if button.label in free]


def _why_buttons_wait(offer: Offer) -> list[str]:
    """What stands in the way of verbs the person has, said before they press."""
    rows = taking.verbs_open_to(g.person, offer)
    said = ((row, taking.why_not(offer, row)) for row in rows if row.verb in ("resume", "withdraw"))
    return [f"{row.label}: {words}" for row, words in said if words]


# -- writing ----------------------------------------------------------------------------------


@bp.route("/offers/new", methods=["GET", "POST"])
@web.only(*GIVING)
def new() -> Page:
    known = Known(providers=giving_authorities(g.person))
    form = NewForm.asking(known)
    if form.validate_on_submit():
        try:
            offer = _begin(form, known)
        except (NotRight, NotPossible) as error:
            web.put_right(form, error)
        else:
            flash("The draft is kept. Go through the pages in any order.", "success")
            return redirect(url_for(".tasks", id=offer.id))
    return render("offers/new.html", form=form), 422 if form.is_submitted() else 200


def _begin(form: NewForm, known: Known) -> Offer:
    code = form.provider_code(known)
    programmes = tuple(p for p in known.programmes if p.code in form.programmes.data)
    return actions.draft(
        provider=next(one for one in known.providers if one.code == code),
        programme=programmes[0],
        terms=OfferTerms(title=form.title.data, programmes=programmes),
        by=g.person,
    )


@bp.post("/offers/<int:id>/copy")
@web.signed_in
def copy(id: int) -> Response:
    made = actions.copy(_find(id), by=g.person)
    flash("This is a new draft that says the same. The offer you copied is not touched.", "success")
    return redirect(url_for(".tasks", id=made.id))


@bp.get("/offers/<int:id>/tasks")
@web.signed_in
def tasks(id: int) -> str:
    offer = _find(id)
    web.asked(offer, "edit")
    return render(
        "offers/tasks.html",
        offer=offer,
        version=offer.working,
        tasks=writing.tasks_of(offer),
        verbs=_verbs(offer, {"discard", "set_aside"}),
    )


@bp.route("/offers/<int:id>/write/<page>", methods=["GET", "POST"])
@web.signed_in
def write(id: int, page: str) -> Page:
    offer = _find(id)
    if page not in PAGES:
        abort(404)
    taking.may(offer, "edit", by=g.person)
    if request.method == "GET":
        web.asked(offer, "edit")
    known = Known(offer)
    form = page_form(page, known, writing.stamp(known, page))
    theirs: dict[str, str] = {}
    if form.validate_on_submit():
        try:
            actions.write_in(offer, form.answers(known), by=g.person, seen=form.stamp.data)
        except (NotRight, NotPossible) as error:
            web.put_right(form, writing.on_form(error))
            theirs = writing.put_theirs(form, error, offer, page)
        else:
            flash("Saved.", "success")
            return redirect(_after(id, page))
    return _shown(offer, page, form, theirs)


def _after(offer_id: int, page: str) -> str:
    if request.form.get("then") == "tasks":
        return url_for(".tasks", id=offer_id)
    following = writing.page_after(page)
    if following is None:
        return url_for(".check", id=offer_id)
    return url_for(".write", id=offer_id, page=following)


def _shown(offer: Offer, page: str, form: PageForm, theirs: dict[str, str]) -> Page:
    version = offer.working or offer.current
    areas = [row.theme.area for row in version.themes] if page == "evidence" else list(Area)
    shown = render(
        "offers/write.html",
        form=form,
        page=page,
        offer=offer,
        version=version,
        theirs=theirs,
        record=queries.record_of(offer.provider, areas),
        earlier=queries.partnerships_given(offer.provider_id),
    )
    return shown, 422 if form.is_submitted() else 200


@bp.get("/offers/<int:id>/check")
@web.signed_in
def check(id: int) -> str:
    offer = _find(id)
    web.asked(offer, "edit")
    version = offer.working or offer.current
    rows = taking.verbs_open_to(g.person, offer)
    return render(
        "offers/check.html",
        **_said(offer, version),
        changed=queries.changes_of(offer),
        missing=version.missing,
        verbs=writing.to_finish(offer, _verbs(offer, SHOWN_ON_CHECK)),
        is_director=any(row.verb in ("publish", "sign_off") for row in rows),
        stops=conditions.what_is_written_is_eligible(offer),
    )


@bp.get("/offers/<int:id>/preview")
@web.signed_in
def preview(id: int) -> str:
    offer = _find(id)
    version = offer.working
    if version is None or not queries.is_written_by(g.person, offer):
        abort(404)
    balances = queries.balances_of(offer)
    return render(
        "offers/preview.html",
        **_said(offer, version),
        bars=bars(balances),
        free=free_under(offer.programme, balances),
        is_own=queries.is_own(g.person, offer),
        changed=queries.changes_of(offer),
        verbs=_verbs(offer, SHOWN_ON_PREVIEW),
    )


@bp.get("/offers/<int:id>/versions")
def versions(id: int) -> str:
    offer = _find(id)
    known = queries.versions_of(offer, person=g.person)
    numbers = {str(version.number): version for version in known}
    before = numbers.get(request.args.get("from", ""), known[-2] if len(known) > 1 else known[-1])
    after = numbers.get(request.args.get("to", ""), known[-1])
    return render(
        "offers/versions.html",
        offer=offer,
        versions=known,
        before=before,
        after=after,
        changed=queries.differences_between(before, after),
    )


# -- verbs ------------------------------------------------------------------------------------


@bp.post("/offers/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    leads_to = {"revise": ".tasks", "ask_partners": ".check"}.get(verb, ".show")
    return web.press(_find(id), verb, actions.DEEDS, show=url_for(leads_to, id=id))
