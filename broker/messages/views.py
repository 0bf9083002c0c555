"""Messages: one's own, the next digest, how often it comes; every kind, and what did not leave."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web, wishes
from broker.messages import actions, queries
from broker.messages.forms import WishForm
from broker.models.person import DigestWish, Role
from broker.web import render

bp = Blueprint("messages", __name__)


@bp.get("/me/messages")
@web.signed_in
def index() -> str:
    return render("messages/index.html", page=web.page_of(list(queries.newest_to(g.person))))


@bp.get("/me/messages/<int:id>")
@web.signed_in
def show(id: int) -> str:
    message = web.find(queries.messages_to(g.person), id)
    return render("messages/show.html", message=message)


@bp.get("/me/messages/digest")
@web.signed_in
def digest() -> str:
    return render("messages/digest.html", digest=queries.next_digest(g.person))


@bp.route("/me/messages/wishes", methods=["GET", "POST"])
@web.signed_in
def wish() -> Response | str | tuple[str, int]:
    form = WishForm(digest=g.person.digest.value)
    return web.settle(
        form,
        "messages/wish.html",
        lambda: actions.wish(DigestWish(form.digest.data), by=g.person),
        said="Saved how often your digest comes.",
        show=url_for("messages.index"),
    )


@bp.route("/leave-the-digest/<token>", methods=["GET", "POST"])
def leave(token: str) -> str:
    if wishes.who_leaves(token) is None:
        abort(404)
    if request.method == "POST":
        actions.leave(token)
    return render("messages/leave.html", has_left=request.method == "POST")


web.csrf.exempt(leave)  # the signed address stands for the person: mail programs know no token


@bp.get("/messages/kinds")
@web.only(Role.ADMINISTRATOR)
def kinds() -> str:
    return render("messages/kinds.html", kinds=queries.every_kind())


@bp.get("/messages/sending")
@web.only(Role.ADMINISTRATOR)
def sending() -> str:
    is_on = current_app.config["SETTINGS"].mail is not None
    return render(
        "messages/sending.html", counts=queries.counts(), lost=queries.given_up(), is_on=is_on
    )


@bp.post("/messages/sending/<int:id>/again")
@web.only(Role.ADMINISTRATOR)
def again(id: int) -> Response:
    actions.try_again(web.find(queries.not_delivered(), id), by=g.person)
    flash("It will be tried again.", "success")
    return redirect(url_for("messages.sending"))


@bp.get("/demo/messages")
def demo() -> str:
    if not current_app.config["DEMONSTRATION"]:
        abort(404)
    kind = request.args.get("kind", "")
    page = web.page_of(list(queries.of_demonstration(kind)))
    return render("messages/demo.html", page=page, kind=kind)
