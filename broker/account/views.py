"""Signing in and out, step by step, and the demonstration's one-press accounts."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from broker import sessions, web
from broker.account import actions, door, entering, pace, queries, second_step
from broker.account.codes import CodeForm, SetUpForm
from broker.account.entering import CODES, NEW_KEY
from broker.account.forms import SignInForm
from broker.errors import NotRight
from broker.models.person import Person
from broker.models.sign_in import Happened, How
from broker.web import render

bp = Blueprint("account", __name__)
Page = Response | str | tuple[str, int]
WRONG = "The e-mail address or the password is not right."


@bp.app_errorhandler(pace.TooFast)
def too_fast(error: pace.TooFast) -> tuple[str, int, dict[str, str]]:
    said = render("errors/429.html", minutes=error.minutes)
    return said, 429, {"Retry-After": str(int(error.wait.total_seconds()) + 1)}


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Page:
    form = SignInForm()
    if form.validate_on_submit():
        person_id = actions.check_password(form.email.data, form.password.data)
        led = entering.go_on(person_id, How.FIRST_STEP) if person_id else None
        if led is not None:
            return led
        form.password.errors = [entering.NO_ROLE if person_id else WRONG]
    councils = current_app.config["SETTINGS"].council_providers
    page = render("account/sign_in.html", form=form, councils=councils)
    return page, 422 if form.is_submitted() else 200


@bp.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Page:
    """The second step: a code of the app, or a recovery code."""
    here = entering.at_the_door()
    if here is None:
        return entering.start_again()
    person, how = here
    form = CodeForm()
    if form.validate_on_submit():
        if actions.take_second_step(person.id, form.code.data):
            return entering.come_in(person, how.with_second_step)
        form.code.errors = ["That code is not right, or was used before. Wait for the next one."]
    page = render("account/code.html", form=form, is_council=how is How.COUNCIL)
    return page, 422 if form.is_submitted() else 200


@bp.route("/sign-in/set-up", methods=["GET", "POST"])
def set_up() -> Page:
    """For who needs a second step and has none yet: set it up, and come in."""
    here = entering.at_the_door()
    if here is None or second_step.of(here[0]) is not None:
        return entering.start_again()
    person, how = here
    form = SetUpForm()
    key = session.setdefault(NEW_KEY, second_step.new_secret())
    if form.validate_on_submit():
        try:
            codes = second_step.set_up(person, key, form.code.data)
        except NotRight as error:
            web.put_right(form, error)
        else:
            led = entering.come_in(person, how.with_second_step, to=_codes_page())
            session[CODES] = codes
            return led
    return _set_up_page(form, key, person), 422 if form.is_submitted() else 200


def _set_up_page(form: SetUpForm, key: str, person: Person) -> str:
    return render(
        "account/set_up.html",
        form=form,
        key=second_step.shown(key),
        picture=second_step.picture(key, person),
    )


def _codes_page() -> str:
    return url_for("account.recovery_codes", next=entering.next_page())


@bp.get("/sign-in/recovery-codes")
@web.signed_in
def recovery_codes() -> Page:
    """The codes that were just made, once."""
    codes = session.pop(CODES, None)
    if codes is None:
        return redirect(entering.next_page())
    return render("account/recovery_codes.html", codes=codes, next=entering.next_page())


@bp.post("/sign-out")
def sign_out() -> Response:
    if g.session is not None:
        sessions.end(g.session)
        door.note(Happened.SIGNED_OUT, person_id=g.person.id)
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
    person = queries.demonstration_account(person_id)
    if person is None:
        abort(404)
    return entering.come_in(person, How.ROLE)


def _only_in_demonstration() -> None:
    if not current_app.config["DEMONSTRATION"]:
        abort(404)
