"""The pages that one-time links open. Opening one changes nothing: programs that look through
mail for danger open every link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from broker import links, web
from broker.council_accounts.queries import connected, providers_for
from broker.errors import NotPossible, NotRight
from broker.fields import Form
from broker.models.invitation import LinkKind, OneTimeLink
from broker.models.person import Person
from broker.one_time_links import actions
from broker.one_time_links.forms import AcceptForm, ForgottenForm, JoinForm, ResetForm
from broker.web import render

bp = Blueprint("one_time_links", __name__)
JOINED = "Welcome. Sign in now; the role is yours."
CHOSEN = "Your new password is kept, and every session has ended. Sign in with it."


@bp.route("/sign-in/forgotten", methods=["GET", "POST"])
def forgotten() -> Response | str | tuple[str, int]:
    form = ForgottenForm()
    if form.validate_on_submit():
        actions.ask(form.email.data)
        return redirect(url_for(".asked"))
    return render("one_time_links/forgotten.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/sign-in/asked")
def asked() -> str:
    return render("one_time_links/asked.html")


@bp.route("/link/<token>", methods=["GET", "POST"])
def open(token: str) -> Response:
    link = links.find(token)
    if link is None:
        return _refused()
    return _join(token, link) if link.kind is LinkKind.JOIN else _choose(token, link)


def _join(token: str, link: OneTimeLink) -> Response:
    has_way_in = link.person.password_hash is not None or bool(connected(link.person))
    form = AcceptForm() if has_way_in else JoinForm(name=link.person.name)
    typed = {field.name: field.data for field in form if field.name != "csrf_token"}

    def do() -> Person | None:
        name, password = typed.get("name", ""), typed.get("password")
        return actions.join(token, name=name, password=password)

    more = {
        "has_way_in": has_way_in,
        "councils": [] if has_way_in else providers_for(link.person.email),
        "token": token,
    }
    return _settle(form, "one_time_links/join.html", link, do, JOINED, **more)


def _choose(token: str, link: OneTimeLink) -> Response:
    form = ResetForm()

    def do() -> Person | None:
        return actions.choose(token, form.password.data)

    return _settle(form, "one_time_links/choose.html", link, do, CHOSEN)


def _settle(
    form: Form,
    template: str,
    link: OneTimeLink,
    do: Callable[[], Person | None],
    said: str,
    **more: Any,
) -> Response:
    """Show the form; once it is right do it, and lead to the sign-in as nobody."""
    about = {"invitation": link.invitation, "someone": link.person, **more}
    if form.validate_on_submit():
        try:
            if do() is None:
                return _refused()
        except (NotRight, NotPossible) as error:
            web.put_right(form, error)
        else:
            return _as_nobody(said)
    status = 422 if form.is_submitted() else 200
    return _unkept(render(template, form=form, **about), status)


def _as_nobody(said: str) -> Response:
    logout_user()
    session.clear()
    flash(said, "success")
    return redirect(url_for("account.sign_in"))


def _refused() -> Response:
    """The same page for a link that was used, withdrawn, has expired or never was."""
    return _unkept(render("one_time_links/refused.html"), 404)


def _unkept(text: str, status: int = 200) -> Response:
    """A page that no browser or proxy keeps."""
    response = make_response(text, status)
    response.headers["Cache-Control"] = "no-store"
    return response
