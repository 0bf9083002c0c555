"""Signing in and out, and the demonstration's one-press accounts."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from broker import web
from broker.account import actions, queries
from broker.account.forms import SignInForm
from broker.web import render

bp = Blueprint("account", __name__)
TYPED = "asking"  # an ask typed before signing in; see conversations.views


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response | str | tuple[str, int]:
    form = SignInForm()
    if not form.validate_on_submit():
        return render("account/sign_in.html", form=form), 422 if form.is_submitted() else 200
    person = actions.check_password(form.email.data, form.password.data)
    if person is None:
        form.password.errors = ["The e-mail address or the password is not right."]
        return render("account/sign_in.html", form=form), 422
    _enter(person.id)
    return redirect(_next_page())


@bp.post("/sign-out")
def sign_out() -> Response:
    logout_user()
    session.clear()
    flash("You have signed out.", "success")
    return redirect(url_for("pages.home"))


@bp.get("/me")
@web.signed_in
def me() -> str:
    return render("account/me.html", messages=queries.messages_to(g.person))


@bp.get("/demo")
def demo() -> str:
    _only_in_demonstration()
    featured, others = queries.demonstration_accounts()
    return render("account/demo.html", featured=featured, others=others)


@bp.post("/demo/<int:person_id>")
def enter_demo(person_id: int) -> Response:
    _only_in_demonstration()
    if person_id not in queries.demonstration_ids():
        abort(404)
    _enter(person_id)
    return redirect(_next_page())


def _only_in_demonstration() -> None:
    if not current_app.config["DEMONSTRATION"]:
        abort(404)


def _enter(person_id: int) -> None:
    """Begin a fresh session for the person; of an earlier one only a typed ask stays."""
    typed = session.get(TYPED)
    session.clear()
    if typed:
        session[TYPED] = typed
    login_user(actions.note_sign_in(person_id))


def _next_page() -> str:
    """Where they were going, if that is a page of ours. Browsers read '/<tab>/x' as '//x'."""
    target = request.args.get("next", "")
    is_plain = target.isprintable() and "\\" not in target
    is_ours = is_plain and target.startswith("/") and not target.startswith("//")
    if is_ours:
        return target
    if typed := session.get(TYPED):
        return url_for("conversations.ask_about", offer_id=typed["offer_id"])
    return url_for("work.index")
