"""Capacity: a provider's days by quarter in each programme, for its own people."""

from __future__ import annotations

from flask import Blueprint, abort, g, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.capacity import actions, queries
from broker.capacity.actions import BelowPromised
from broker.capacity.forms import CapacityForm, field_name
from broker.errors import NotRight
from broker.events import history_of
from broker.ledger import balances
from broker.permissions import GIVING
from broker.web import render

bp = Blueprint("capacity", __name__)
Page = Response | str | tuple[str, int]


@bp.get("/capacity")
@web.only(*GIVING)
def index() -> str:
    return render("capacity/index.html", places=queries.places_of(g.person))


@bp.get("/capacity/<int:id>")
@web.only(*GIVING)
def show(id: int) -> str:
    capacity = web.find(queries.capacities_visible_to(g.person), id)
    held = balances([capacity.id]).get(capacity.id, {})
    return render(
        "capacity/show.html",
        capacity=capacity,
        balances=sorted(held.items()),
        bars=queries.bars(held),
        holdings=queries.holdings_of(capacity),
        events=history_of(capacity),
    )


@bp.route("/capacity/<authority>/<programme>/edit", methods=["GET", "POST"])
@web.only(*GIVING)
def edit(authority: str, programme: str) -> Page:
    place = queries.place_of(g.person, authority, programme)
    if place is None:
        abort(404)
    form = CapacityForm.for_place(place)
    return web.settle(
        form,
        "capacity/edit.html",
        lambda: _confirm(place, form),
        said="The days are confirmed.",
        show=url_for(".index"),
        place=place,
    )


def _confirm(place: queries.Place, form: CapacityForm) -> None:
    """Confirm what was typed; a refusal about one quarter is shown at that quarter."""
    try:
        actions.confirm(
            provider=place.provider,
            programme=place.programme,
            days=form.days,
            at_once=form.partnerships,
            by=g.person,
        )
    except BelowPromised as error:
        raise NotRight(error.words, field=field_name(error.quarter)) from error
