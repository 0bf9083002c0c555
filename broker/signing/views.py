"""Sign-offs: who has signed, links to sign by, and the page that a signatory sees."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, make_response, redirect, session, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.models.need import Need
from broker.models.person import Role
from broker.models.signing import BESIDE_THE_DIRECTOR, Signer, standing
from broker.needs.queries import needs_visible_to
from broker.permissions import RECEIVING
from broker.signing import actions, queries
from broker.web import render

bp = Blueprint("signing", __name__)
SIGNERS = {signer.value: signer for signer in Signer}
FRESH_LINK = "sign_link"


def _find(need_id: int) -> Need:
    """A need of the person's own authority."""
    need = web.find(needs_visible_to(g.person), need_id)
    if not g.person.at(need.receiver_id, *RECEIVING):
        taking.may(need, "make_sign_link", by=g.person)
    return need


@bp.get("/needs/<int:id>/signatures")
@web.signed_in
def show(id: int) -> Response:
    """Who has signed; a new link is shown here once, to the person who made it."""
    need = _find(id)
    fresh = session.pop(FRESH_LINK, None)
    link = url_for(".page", token=fresh[1], _external=True) if fresh and fresh[0] == id else None
    return _unkept(
        render(
            "signing/show.html",
            need=need,
            signers=Signer,
            beside=BESIDE_THE_DIRECTOR,
            standing=standing(need),
            links=queries.links_of(need),
            fresh=link,
            open_verbs={row.verb for row in taking.verbs_open_to(g.person, need)},
        )
    )


@bp.post("/needs/<int:id>/signatures/<signer>/link")
@web.signed_in
def make_link(id: int, signer: str) -> Response:
    token = actions.make_link(_find(id), SIGNERS.get(signer) or abort(404), by=g.person)
    session[FRESH_LINK] = (id, token)
    return redirect(url_for(".show", id=id))


@bp.post("/needs/<int:id>/signatures/<signer>/cancel")
@web.signed_in
def cancel(id: int, signer: str) -> Response:
    actions.cancel_links(_find(id), SIGNERS.get(signer) or abort(404), by=g.person)
    flash("The link no longer works.", "success")
    return redirect(url_for(".show", id=id))


@bp.post("/needs/<int:id>/signatures/<signer>/take-back")
@web.signed_in
def take_back(id: int, signer: str) -> Response:
    reason = web.reason_typed()
    actions.take_back(_find(id), SIGNERS.get(signer) or abort(404), reason=reason, by=g.person)
    flash("The sign-off is taken back.", "success")
    return redirect(url_for(".show", id=id))


# -- signatories ------------------------------------------------------------------------------


@bp.get("/to-sign")
@web.only(Role.CHIEF_EXECUTIVE, Role.LEAD_MEMBER)
def index() -> str:
    return render("signing/index.html", needs=queries.waiting_for(g.person))


@bp.get("/to-sign/<int:id>")
@web.signed_in
def to_sign(id: int) -> str:
    need = web.find(queries.needs_to_sign(g.person), id)
    signer = queries.signer_of(g.person, need)
    return render("signing/page.html", need=need, signer=signer, standing=standing(need))


@bp.post("/to-sign/<int:id>")
@web.signed_in
def sign(id: int) -> Response:
    need = web.find(queries.needs_to_sign(g.person), id)
    actions.sign(need, queries.signer_of(g.person, need) or abort(404), by=g.person)
    flash("Signed. Thank you.", "success")
    return redirect(url_for(".index"))


@bp.get("/sign/<token>")
def page(token: str) -> Response:
    """What is to be signed, and nothing else, for whoever holds the link."""
    link = queries.link_for(actions.digest(token))
    if link is None:
        return _refused()
    return _unkept(render("signing/page.html", need=link.need, signer=link.signer, standing={}))


@bp.post("/sign/<token>")
def sign_by_link(token: str) -> Response:
    if actions.sign_by_link(token) is None:
        return _refused()
    return redirect(url_for(".signed"))


@bp.get("/sign")
def signed() -> str:
    return render("signing/signed.html")


def _refused() -> Response:
    """The same page for a link that was used, cancelled, changed, has expired or never was."""
    return _unkept(render("signing/refused.html"), 404)


def _unkept(text: str, status: int = 200) -> Response:
    """A page that no browser or proxy keeps."""
    response = make_response(text, status)
    response.headers["Cache-Control"] = "no-store"
    return response
