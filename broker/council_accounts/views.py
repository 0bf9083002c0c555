"""The way to a council's own sign-in, and back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, current_app, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from broker import links, proof, web
from broker.account import entering
from broker.council_accounts import actions, line, queries, tokens, trips
from broker.council_accounts.actions import TurnedAway
from broker.council_accounts.line import Refused, Silent, log
from broker.council_accounts.tokens import Shown
from broker.council_accounts.trips import Trip
from broker.council_providers import CouncilProvider
from broker.models.council_account import Purpose
from broker.web import render

bp = Blueprint("council_accounts", __name__)
Page = Response | str | tuple[str, int]
JOINING = "joining"  # in the cookie: the link that an invitation is accepted by


# -- there ------------------------------------------------------------------------------------


@bp.post("/sign-in/council/<key>")
def begin(key: str) -> Page:
    return _lead_on(key, Purpose.SIGN_IN)


@bp.post("/link/<token>/council/<key>")
def begin_to_join(token: str, key: str) -> Page:
    if links.find(token) is None:
        return redirect(url_for("one_time_links.open", token=token))
    session[JOINING] = token
    return _lead_on(key, Purpose.JOIN)


@bp.post("/me/sign-in/council/<key>")
@web.signed_in
def connect(key: str) -> Page:
    web.asked(g.person, "connect_council_account")
    return _lead_on(key, Purpose.CONNECT)


@bp.post("/me/prove/council/<key>")
@web.signed_in
def prove(key: str) -> Page:
    return _lead_on(key, Purpose.PROVE)


def _lead_on(key: str, purpose: Purpose) -> Page:
    provider = _provider(key)
    try:
        address = trips.begin(
            provider,
            purpose,
            back=_back(provider),
            leads_to=_leads_to(purpose),
            person_id=g.person.id if g.person else None,
        )
    except Silent as silent:
        return _silent(provider, silent)
    return redirect(address)


def _leads_to(purpose: Purpose) -> str:
    """To a page of ours alone."""
    if purpose is Purpose.PROVE and request.args.get("kept"):
        return url_for("own_sign_in.kept")
    target = request.args.get("next", "")
    return target if entering.is_ours(target) else ""


# -- and back ---------------------------------------------------------------------------------


@bp.get("/sign-in/council/<key>/back")
def back(key: str) -> Page:
    """Browsers are sent here by the provider. What somebody came for happens once: the way they
    came is used up first, and a second arrival finds none."""
    provider = _provider(key)
    trip = trips.take(provider)
    if trip is None:
        return redirect(url_for("work.index")) if g.person else _said("begun_elsewhere", provider)
    if trip.purpose in (Purpose.SIGN_IN, Purpose.JOIN):
        proof.asks(None)  # whoever was signed in here before, this is somebody who comes in
    try:
        return ARRIVING[trip.purpose](provider, trip, _shown(provider, trip))
    except Silent as silent:
        return _silent(provider, silent)
    except Refused as refused:
        log.warning("council sign-in %s refused: %s", provider.key, refused)
        return _said("not_shown", provider)
    except TurnedAway as away:
        actions.note_turned_away(away)
        return _said(away.why, provider)


def _shown(provider: CouncilProvider, trip: Trip) -> Shown:
    """Who the provider says that this is."""
    if request.args.get("iss", provider.issuer) != provider.issuer:
        raise Refused("the answer names another issuer")
    if not (code := request.args.get("code", "")):
        raise Refused("no code came back")
    back_to = _back(provider)
    got = line.exchange(provider, code=code, verifier=trip.verifier, back=back_to)
    return tokens.read(provider, got, nonce=trip.nonce)


def _sign_in(provider: CouncilProvider, trip: Trip, shown: Shown) -> Page:
    return _enter(actions.person_of(shown, provider), shown, provider, trip.leads_to)


def _enter(person_id: int, shown: Shown, provider: CouncilProvider, to: str) -> Page:
    return actions.enter(person_id, shown, to=to) or _said(actions.NOBODY, provider)


def _join(provider: CouncilProvider, trip: Trip, shown: Shown) -> Page:
    token = str(session.get(JOINING, ""))
    person_id = actions.join(shown, provider, token)
    if person_id is None:
        return redirect(url_for("one_time_links.open", token=token or "none"))
    led = _enter(person_id, shown, provider, "")
    flash("Welcome. The role is yours.", "success")
    return led


def _connect(provider: CouncilProvider, trip: Trip, shown: Shown) -> Page:
    if g.person is None:
        return _said("begun_elsewhere", provider)
    actions.connect_own(shown, provider, trip, g.person)
    flash(f"{provider.name} opens your account from now on.", "success")
    return redirect(url_for("own_sign_in.show"))


def _prove(provider: CouncilProvider, trip: Trip, shown: Shown) -> Page:
    if g.person is None:
        return _said("begun_elsewhere", provider)
    actions.prove(shown, trip, g.person, g.session)
    return redirect(trip.leads_to or url_for("work.index"))


ARRIVING: dict[Purpose, Callable[[CouncilProvider, Trip, Shown], Page]] = {
    Purpose.SIGN_IN: _sign_in,
    Purpose.JOIN: _join,
    Purpose.CONNECT: _connect,
    Purpose.PROVE: _prove,
}


@bp.post("/me/sign-in/council-accounts/<int:id>/end")
@web.signed_in
def end(id: int) -> Response:
    actions.disconnect(web.find(queries.accounts_of(g.person), id), here=g.session)
    flash("It opens your account no longer. Your other sessions have ended.", "success")
    return redirect(url_for("own_sign_in.show"))


def _provider(key: str) -> CouncilProvider:
    return queries.provider(key) or abort(404)


def _back(provider: CouncilProvider) -> str:
    return trips.back_address(current_app.config["SETTINGS"].site, provider)


def _silent(provider: CouncilProvider, silent: Silent) -> tuple[str, int]:
    log.warning("council sign-in %s is silent: %s", provider.key, silent)
    return render("council_accounts/silent.html", provider=provider), 503


def _said(why: str, provider: CouncilProvider) -> tuple[str, int]:
    return render("council_accounts/turned_away.html", why=why, provider=provider), 403
