"""Shortlists: offers for a need, side by side too; needs for an offer; what was suggested."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.conditions import considered_for
from broker.exports.columns import SHORTLIST
from broker.exports.download import as_csv
from broker.matching.reasons import Audience
from broker.models.match import Origin, Suggestion
from broker.models.need import Need, NeedState
from broker.models.offer import Offer
from broker.offers.queries import offers_visible_to
from broker.permissions import GIVING
from broker.prospectus.asked import compared_in
from broker.shortlists import actions, queries
from broker.shortlists.queries import Possible, Shortlisted, Wanted
from broker.shortlists.serving import needs_served_by
from broker.web import render

bp = Blueprint("shortlists", __name__)
LEFT_OUT_SHOWN = 30
LEAST_TALL = 40  # quarter-days of a full bar, where nobody has more


def _find(need_id: int) -> Need:
    return web.find(queries.needs_shortlisted_by(g.person), need_id)


def _is_own(need: Need) -> bool:
    return bool(g.person.belongs_to(need.receiver_id))


def _shortlist(need: Need) -> Shortlisted:
    audience = Audience.RECEIVER if _is_own(need) else Audience.COORDINATOR
    return queries.shortlist_for(need, audience)


def _wanted() -> Wanted:
    return Wanted(
        words=web.searched(), region=web.searched("region"), sort=request.args.get("sort", "")
    )


@bp.get("/needs/<int:id>/shortlist")
@web.signed_in
def index(id: int) -> str:
    need = _find(id)
    found, wanted = _shortlist(need), _wanted()
    narrowed = wanted.of(found)
    page = web.page_of(narrowed.possible, size=10)
    compared = found.chosen(compared_in(request.args, "compare"))
    shows_all = request.args.get("left") == "all"
    return render(
        "shortlists/index.html",
        page=page,
        wanted=wanted,
        orders=[(key, words) for key, (words, _) in queries.ORDERS.items()],
        regions=queries.regions_in(found),
        compared=compared,
        compare_links=_compare_links(need, page.items, compared),
        left_out=narrowed.impossible[: None if shows_all else LEFT_OUT_SHOWN],
        left_out_count=len(narrowed.impossible),
        left_url=url_for(".index", **{**_kept(need, compared), "left": "all"}) + "#left-out",
        csv_url=url_for(".download", id=id, q=wanted.words, region=wanted.region, sort=wanted.sort),
        considered=considered_for([id])[id],
        **_about(need, narrowed.possible),
    )


def _about(need: Need, shown: Sequence[Possible]) -> dict[str, object]:
    """What each page about a shortlist tells of its need and of the reader."""
    days = [days for one in shown for days in one.free.by_quarter.values()]
    return {
        "need": need,
        "is_own": _is_own(need),
        "is_confided": need.state is NeedState.IN_CONFIDENCE,
        "may_suggest": _may_suggest(need),
        "tallest": max([LEAST_TALL, *days]),
    }


def _kept(need: Need, compared: Sequence[Possible]) -> dict[str, Any]:
    """What the address keeps while somebody looks through the list."""
    kept: dict[str, Any] = {
        name: value for name in ("q", "region", "sort", "page") if (value := request.args.get(name))
    }
    return {"id": need.id, **kept, "compare": [one.offer.id for one in compared]}


def _compare_links(
    need: Need, shown: Sequence[Possible], compared: Sequence[Possible]
) -> dict[int, str]:
    """Offer's id → the address with that offer added to what is compared, or taken away."""
    kept = _kept(need, compared)
    ids = [one.offer.id for one in compared]
    links = {}
    for offer_id in {one.offer.id for one in [*shown, *compared]}:
        others = [id_ for id_ in ids if id_ != offer_id]
        after = others if offer_id in ids else [*ids, offer_id]
        links[offer_id] = url_for(".index", **{**kept, "compare": after})
    return links


def _may_suggest(need: Need) -> bool:
    trial = Suggestion(need=need, origin=Origin.SHORTLIST)
    may = taking.membership_for(taking.row_for(trial, "make"), g.person, trial) is not None
    trial.need = None  # type: ignore[assignment]
    return may


@bp.get("/needs/<int:id>/shortlist.csv")
@web.signed_in
def download(id: int) -> Response:
    need = _find(id)
    return as_csv(SHORTLIST, _wanted().of(_shortlist(need)).possible, name=f"shortlist-{id}")


@bp.get("/needs/<int:id>/shortlist/compare")
@web.signed_in
def compare(id: int) -> str | Response:
    """Up to four side by side. The address can be sent to anybody who may see the shortlist.

    `beside=alternatives` leads to those chosen with the best others beside them."""
    need = _find(id)
    ids = compared_in(request.args, "offer")
    found = _shortlist(need)
    if request.args.get("beside") == "alternatives":
        return redirect(url_for(".compare", id=id, offer=found.with_alternatives(ids)))
    shown = found.chosen(ids)
    return render(
        "shortlists/compare.html",
        shown=shown,
        gone=len(ids) - len(shown),
        back_url=url_for(".index", id=id, compare=ids),
        **_about(need, shown),
    )


@bp.post("/needs/<int:id>/shortlist/<int:offer_id>")
@web.signed_in
def suggest(id: int, offer_id: int) -> Response:
    need = _find(id)
    if web.find(offers_visible_to(g.person), offer_id) is None:
        abort(404)
    suggestion = actions.suggest_from_shortlist(need, offer_id, by=g.person)
    if _is_own(need):
        return redirect(url_for("conversations.ask", id=suggestion.id))
    whom = "its authority" if need.state is NeedState.IN_CONFIDENCE else need.receiver.name
    flash(f"Suggested to {whom}: {suggestion.offer.title}.", "success")
    return redirect(url_for(".index", id=id))


# -- for an offer -----------------------------------------------------------------------------


def _own_offer(offer_id: int) -> Offer:
    offer = web.find(offers_visible_to(g.person), offer_id)
    if not g.person.at(offer.provider_id, *GIVING):
        abort(404)
    return offer


@bp.get("/offers/<int:id>/needs")
@web.signed_in
def needs(id: int) -> str:
    """Needs that an offer could serve, for its provider: what receivers released, no more."""
    offer = _own_offer(id)
    return render("shortlists/needs.html", offer=offer, page=web.page_of(needs_served_by(offer)))
