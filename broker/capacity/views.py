"""Capacity: a provider's days by quarter in each programme, for its own people and for the
programme's managers."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.capacity import actions, queries, warnings
from broker.capacity.actions import WrongCells, why_not_correct
from broker.capacity.forms import CorrectForm, GridForm, field_of
from broker.capacity.queries import Place
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.exports.columns import CAPACITY
from broker.exports.download import as_csv
from broker.fields.typed import whole
from broker.ledger import balances
from broker.models.authority import Authority
from broker.models.ledger import COUNTERS
from broker.models.person import Role
from broker.permissions import GIVING
from broker.returns.quarters import quarter_numbered
from broker.taking import membership_for, row_for
from broker.web import render

bp = Blueprint("capacity", __name__)
Page = Response | str | tuple[str, int]
SEEING = (*GIVING, Role.PROGRAMME_MANAGER)


def _filtered() -> list[Place]:
    words = web.searched().casefold().split()
    return [place for place in queries.places_of(g.person) if all(w in place.text for w in words)]


@bp.get("/capacity")
@web.only(*SEEING)
def index() -> str:
    return render(
        "capacity/index.html",
        page=web.page_of(_filtered()),
        providers=queries.giving_authorities(g.person),
        warned=warnings.for_own(g.person),
    )


@bp.get("/capacity.csv")
@web.only(*SEEING)
def download() -> Response:
    return as_csv(CAPACITY, queries.quarter_rows(_filtered()))


@bp.get("/capacity/<int:id>")
@web.only(*SEEING)
def show(id: int) -> str:
    capacity = web.find(queries.capacities_visible_to(g.person), id)
    held = balances([capacity.id]).get(capacity.id, {})
    return render(
        "capacity/show.html",
        capacity=capacity,
        balances=sorted(held.items()),
        bars=queries.bars(held),
        holdings=queries.holdings_of(capacity),
        likely=queries.free_in(held).likely,
        is_own=_is_own(capacity.provider_id),
        warned=warnings.for_one(capacity) if _is_own(capacity.provider_id) else [],
        events=history_of(capacity),
    )


def _is_own(provider_id: int) -> bool:
    return g.person.at(provider_id, *GIVING) is not None


@bp.get("/capacity/<int:id>/entries")
@web.only(*SEEING)
def entries(id: int) -> str:
    capacity = web.find(queries.capacities_visible_to(g.person), id)
    return render(
        "capacity/entries.html",
        capacity=capacity,
        page=web.page_of(queries.entries_of(capacity), size=50),
        corrected=queries.corrections_of(capacity),
        counters=COUNTERS,
        may_correct=membership_for(row_for(capacity, "correct"), g.person, capacity) is not None,
    )


@bp.route("/capacity/entries/<int:id>/correct", methods=["GET", "POST"])
@web.only(*SEEING)
def correct(id: int) -> Page:
    entry = web.find(queries.entries_visible_to(g.person), id)
    web.asked(entry.capacity, "correct")
    if said := why_not_correct(entry):
        raise NotPossible(said)
    form = CorrectForm(data={"days": entry.quarter_days})
    return web.settle(
        form,
        "capacity/correct.html",
        lambda: actions.correct(
            entry, quarter_days=form.days.data, reason=form.reason.data, by=g.person
        ),
        said="Corrected by another entry. Both stay in the history.",
        show=url_for(".entries", id=entry.capacity_id),
        entry=entry,
    )


@bp.post("/capacity/<int:id>/firm-up")
@web.only(*SEEING)
def firm_up(id: int) -> Response:
    """Likely days of one quarter become confirmed; without a quarter, all of them."""
    capacity = web.find(queries.capacities_visible_to(g.person), id)
    quarter = quarter_numbered(request.form.get("quarter", type=whole))
    actions.firm_up(capacity, quarter=quarter, by=g.person)
    flash("The likely days are confirmed.", "success")
    return redirect(url_for(".show", id=id))


@bp.route("/capacity/<authority>/edit", methods=["GET", "POST"])
@web.only(*GIVING)
def edit(authority: str) -> Page:
    provider = queries.giving_authority(g.person, authority)
    if provider is None:
        abort(404)
    form = GridForm.for_places(queries.grid_of(g.person, provider))
    return web.settle(
        form,
        "capacity/edit.html",
        lambda: _set_out(provider, form),
        said="Your days are saved.",
        show=url_for(".index"),
        provider=provider,
    )


def _set_out(provider: Authority, form: GridForm) -> None:
    """Save what was typed, all of it or nothing; each refusal is shown at its cell."""
    try:
        if clashes := list(form.clashes()):
            raise WrongCells(clashes)
        actions.set_out(provider=provider, plans=form.plans(), by=g.person)
    except WrongCells as error:
        by_code = {place.programme.code: place.programme for place in form.places}
        first, *others = [(field_of(wrong, by_code[code]), wrong) for code, wrong in error.cells]
        for name, wrong in others:
            form[name].errors = [*form[name].errors, wrong.words]
        raise NotRight(first[1].words, field=first[0]) from error
