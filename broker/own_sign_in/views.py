"""'Your sign-in': password, second step, recovery codes, sessions, history; and showing again who
one is before something that weighs heavily."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from broker import kept_forms, web
from broker.account import entering, second_step
from broker.account.codes import CodeForm, SetUpForm
from broker.account.entering import CODES, NEW_KEY
from broker.council_accounts import queries as council_accounts
from broker.own_sign_in import actions, queries
from broker.own_sign_in.forms import FirstPasswordForm, PasswordForm, ProofForm
from broker.web import render

bp = Blueprint("own_sign_in", __name__)
Page = Response | str | tuple[str, int]


@bp.get("/me/sign-in")
@web.signed_in
def show() -> str:
    return render(
        "own_sign_in/show.html",
        own=queries.own_sign_in(g.person),
        connected=council_accounts.connected(g.person),
        to_connect=council_accounts.providers_to_connect(g.person),
        here=g.session,
    )


@bp.route("/me/sign-in/password", methods=["GET", "POST"])
@web.signed_in
def password() -> Page:
    has_one = g.person.password_hash is not None
    web.asked(g.person, "change_password" if has_one else "choose_password")
    form = PasswordForm() if has_one else FirstPasswordForm()
    return web.settle(
        form,
        "own_sign_in/password.html",
        lambda: actions.change_password(
            g.person,
            now=form.password.data if has_one else None,
            new=form.new_password.data,
            here=g.session,
        ),
        said="Your password is changed. Your other sessions have ended.",
        show=url_for(".show"),
    )


@bp.route("/me/sign-in/second-step", methods=["GET", "POST"])
@web.signed_in
def step() -> Page:
    """Set up a second step, or move it to another phone."""
    web.asked(g.person, "set_second_step")
    form = SetUpForm()
    key = session.setdefault(NEW_KEY, second_step.new_secret())

    def keep() -> None:
        session[CODES] = actions.set_second_step(g.person, key, form.code.data)
        session.pop(NEW_KEY)

    return web.settle(
        form,
        "own_sign_in/step.html",
        keep,
        said="Your second step is set up.",
        show=url_for("account.recovery_codes", next=url_for(".show")),
        key=second_step.shown(key),
        picture=second_step.picture(key, g.person),
    )


@bp.post("/me/sign-in/second-step/remove")
@web.signed_in
def remove_step() -> Response:
    actions.remove_second_step(g.person)
    flash("You sign in without a second step from now on.", "success")
    return redirect(url_for(".show"))


@bp.post("/me/sign-in/recovery-codes")
@web.signed_in
def codes() -> Response:
    session[CODES] = actions.renew_recovery_codes(g.person)
    return redirect(url_for("account.recovery_codes", next=url_for(".show")))


@bp.post("/me/sign-in/sessions/<int:id>/end")
@web.signed_in
def end(id: int) -> Response:
    actions.end_session(web.find(queries.sessions_of(g.person), id))
    flash("That session has ended.", "success")
    return redirect(url_for(".show"))


@bp.post("/me/sign-in/sessions/end-others")
@web.signed_in
def end_others() -> Response:
    actions.end_others(g.person, g.session)
    flash("All your other sessions have ended.", "success")
    return redirect(url_for(".show"))


# -- showing who one is -----------------------------------------------------------------------


@bp.route("/me/prove", methods=["GET", "POST"])
@web.signed_in
def prove() -> Page:
    """Before something that weighs heavily: the code of the second step, or the password; and
    where there is no second step, a fresh sign-in at one's council does as well."""
    has_step = second_step.of(g.person) is not None
    form = CodeForm() if has_step else ProofForm()
    if form.validate_on_submit():
        [field] = [field for field in form if field.name != "csrf_token"]
        is_right = actions.prove_by_code if has_step else actions.prove_by_password
        if is_right(g.person, field.data, g.session):
            return redirect(_back())
        field.errors = ["That code is not right." if has_step else actions.WRONG]
    can_prove = has_step or g.person.password_hash is not None
    councils = [] if has_step else council_accounts.providers_of(g.person)
    page = render("own_sign_in/prove.html", form=form, can_prove=can_prove, councils=councils)
    return page, 422 if form.is_submitted() else 200


def _back() -> str:
    """To what was to be done, with what had been typed."""
    if request.args.get("kept"):
        return url_for(".kept")
    target = request.args.get("next", "")
    return target if entering.is_ours(target) else url_for("work.index")


@bp.get("/me/go-on")
@web.signed_in
def kept() -> Page:
    """What had been typed, to be sent now."""
    form = kept_forms.latest(g.person)
    if form is None:
        flash("Nothing that you had typed is kept any longer.", "message")
        return redirect(url_for("work.index"))
    return render("own_sign_in/kept.html", kept=form, said=kept_forms.said_of(form))
