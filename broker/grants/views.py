"""Grants on the screen: a programme's year, one grant with its payments, and their forms."""

from __future__ import annotations

from flask import Blueprint, abort, g, request, url_for
from werkzeug.wrappers import Response

from broker import clock, web
from broker.events import history_of
from broker.fields.typed import whole
from broker.grants import actions, queries
from broker.grants.forms import ChangeForm, GrantForm, PaymentForm, TakeBackForm
from broker.models.grant import Grant
from broker.models.person import Role
from broker.models.programme import Programme
from broker.web import render

bp = Blueprint("grants", __name__)
Page = Response | str | tuple[str, int]


def _programme(programme_id: int) -> Programme:
    return web.find(queries.programmes_managed_by(g.person), programme_id)


@bp.get("/programme/<int:programme_id>/grants")
@web.only(Role.PROGRAMME_MANAGER)
def index(programme_id: int) -> str:
    programme, years = _programme(programme_id), queries.years()
    year = request.args.get("year", clock.this_quarter().year, type=whole)
    year = year if year in years else clock.this_quarter().year
    return render(
        "grants/index.html",
        programme=programme,
        years=years,
        year=year,
        accounts=queries.accounts_of(programme, year),
        without=queries.without_grant(programme, year),
    )


@bp.route("/programme/<int:programme_id>/grants/new", methods=["GET", "POST"])
@web.only(Role.PROGRAMME_MANAGER)
def new(programme_id: int) -> Page:
    programme = _programme(programme_id)
    providers = {str(one.id): one for one in queries.providers()}
    form = GrantForm(year=str(clock.this_quarter().year))
    form.provider.choices = [(key, one.name) for key, one in providers.items()]
    form.year.choices = [(str(year), words) for year, words in queries.years().items()]
    return web.settle(
        form,
        "grants/new.html",
        lambda: actions.make(
            programme=programme,
            provider=providers[form.provider.data],
            year=int(form.year.data),
            pence=form.pence.data,
            day_rate=form.day_rate.data,
            by=g.person,
        ),
        said="The grant is entered.",
        show=url_for(".index", programme_id=programme_id),
        programme=programme,
    )


def _find(grant_id: int) -> Grant:
    return web.find(queries.grants_visible_to(g.person), grant_id)


@bp.get("/grants/<int:id>")
@web.signed_in
def show(id: int) -> str:
    grant = _find(id)
    return render(
        "grants/show.html",
        account=queries.account_of(grant),
        manages=actions.manages(grant.programme, g.person),
        events=history_of(grant),
    )


def _managed(grant_id: int) -> Grant:
    grant = _find(grant_id)
    actions.check_manages(grant.programme, g.person)
    return grant


@bp.route("/grants/<int:id>/change", methods=["GET", "POST"])
@web.signed_in
def change(id: int) -> Page:
    grant = _managed(id)
    form = ChangeForm(pence=grant.pence, day_rate=grant.day_rate)
    return web.settle(
        form,
        "grants/change.html",
        lambda: actions.change(
            grant,
            pence=form.pence.data,
            day_rate=form.day_rate.data,
            reason=form.reason.data,
            by=g.person,
        ),
        said="The grant is changed.",
        show=url_for(".show", id=id),
        grant=grant,
    )


@bp.route("/grants/<int:id>/pay", methods=["GET", "POST"])
@web.signed_in
def pay(id: int) -> Page:
    grant = _managed(id)
    form = PaymentForm(paid_on=clock.today())
    return web.settle(
        form,
        "grants/pay.html",
        lambda: actions.pay(
            grant,
            pence=form.pence.data,
            paid_on=form.paid_on.data,
            reference=form.reference.data or "",
            by=g.person,
        ),
        said="The payment is entered.",
        show=url_for(".show", id=id),
        grant=grant,
    )


@bp.route("/grants/<int:id>/payments/<int:payment_id>/take-back", methods=["GET", "POST"])
@web.signed_in
def take_back(id: int, payment_id: int) -> Page:
    grant = _managed(id)
    payment = next((one for one in grant.payments if one.id == payment_id), None)
    if payment is None:
        abort(404)
    form = TakeBackForm()
    return web.settle(
        form,
        "grants/take_back.html",
        lambda: actions.take_back(grant, payment_id, reason=form.reason.data, by=g.person),
        said="The payment no longer counts.",
        show=url_for(".show", id=id),
        grant=grant,
        payment=payment,
    )
