"""Tokens for data teams: a programme's list, one made, one shown with its history."""

from __future__ import annotations

from flask import Blueprint, g, redirect, session, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.api_tokens import actions, queries
from broker.api_tokens.forms import TokenForm
from broker.errors import NotRight
from broker.events import history_of
from broker.models.api_token import ApiToken
from broker.models.person import Role
from broker.models.programme import Programme
from broker.programme.queries import programmes_managed_by
from broker.web import render

bp = Blueprint("api_tokens", __name__)
Page = Response | str | tuple[str, int]
FRESH = "fresh_token"  # kept until the page that follows has shown it once


def _programme(programme_id: int) -> Programme:
    return web.find(programmes_managed_by(g.person), programme_id)


def _find(token_id: int) -> ApiToken:
    return web.find(queries.tokens_visible_to(g.person), token_id)


@bp.get("/programme/<int:programme_id>/tokens")
@web.only(Role.PROGRAMME_MANAGER)
def index(programme_id: int) -> str:
    programme = _programme(programme_id)
    tokens = queries.tokens_of(programme, g.person)
    return render("api_tokens/index.html", programme=programme, tokens=tokens)


@bp.route("/programme/<int:programme_id>/tokens/new", methods=["GET", "POST"])
@web.only(Role.PROGRAMME_MANAGER)
def new(programme_id: int) -> Page:
    programme = _programme(programme_id)
    form = TokenForm(expires_on=actions.latest())
    if form.validate_on_submit():
        try:
            made, token = actions.make(
                programme=programme,
                name=form.name.data or "",
                scopes=form.chosen,
                expires_on=form.expires_on.data,
                by=g.person,
            )
        except NotRight as error:
            web.put_right(form, error)
        else:
            session[FRESH] = (made.id, token)
            return redirect(url_for(".show", id=made.id))
    status = 422 if form.is_submitted() else 200
    return render("api_tokens/new.html", form=form, programme=programme), status


@bp.get("/programme/tokens/<int:id>")
@web.only(Role.PROGRAMME_MANAGER)
def show(id: int) -> str:
    token = _find(id)
    fresh_id, fresh = session.pop(FRESH, (None, ""))
    return render(
        "api_tokens/show.html",
        token=token,
        fresh=fresh if fresh_id == id else "",
        verbs=web.verbs_for(token, "api_tokens.press"),
        events=history_of(token),
    )


@bp.post("/programme/tokens/<int:id>/<verb:verb>")
@web.only(Role.PROGRAMME_MANAGER)
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, show=url_for(".show", id=id))
