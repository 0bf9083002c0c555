"""The staff pulse: asking, handing out links, reading what staff said; and answering by link."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, session, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.events import history_of
from broker.models.pulse import Pulse
from broker.partnerships.queries import partnerships_visible_to
from broker.pulse import actions, queries
from broker.pulse.forms import LinksForm, PulseForm
from broker.showings.queries import shown_of
from broker.web import render

bp = Blueprint("pulse", __name__)
Page = Response | str | tuple[str, int]
DEEDS = {"stop_links": actions.stop_links}
FRESH = "pulse_links"


def _find(pulse_id: int) -> Pulse:
    return web.find(queries.pulses_visible_to(g.person), pulse_id)


@bp.route("/partnerships/<int:id>/pulse", methods=["GET", "POST"])
@web.signed_in
def ask(id: int) -> Page:
    """Ask staff, and make links for one's own."""
    partnership = web.find(partnerships_visible_to(g.person), id)
    web.asked(partnership, "ask_staff")
    form = LinksForm()
    return web.settle(
        form,
        "pulse/ask.html",
        lambda: _hand_out(actions.open_pulse(partnership, by=g.person), form.count.data),
        said="The links are made. Hand them out now: they are shown once.",
        show=url_for(".links"),
        partnership=partnership,
        open_for=actions.OPEN_FOR,
    )


@bp.get("/pulses/<int:id>")
@web.signed_in
def show(id: int) -> str:
    pulse = _find(id)
    return render(
        "pulse/show.html",
        pulse=pulse,
        said=queries.statements_said(pulse),
        shown=shown_of(pulse.noun, [pulse.id]).get(pulse.id, []),
        events=history_of(pulse),
        can_make=any(row.verb == "make_links" for row in taking.verbs_open_to(g.person, pulse)),
    )


@bp.route("/pulses/<int:id>/more", methods=["GET", "POST"])
@web.signed_in
def more(id: int) -> Page:
    """More links, for the staff of the side that asks."""
    pulse = _find(id)
    web.asked(pulse, "make_links")
    form = LinksForm()
    return web.settle(
        form,
        "pulse/more.html",
        lambda: _hand_out(pulse, form.count.data),
        said="The links are made. Hand them out now: they are shown once.",
        show=url_for(".links"),
        pulse=pulse,
    )


def _hand_out(pulse: Pulse, count: int) -> None:
    seed = actions.make_links(pulse, count=count, by=g.person)
    session[FRESH] = (pulse.id, seed, count)


@bp.get("/pulses/links")
@web.signed_in
def links() -> Response:
    """The links just made, to print or to copy; shown once, to who made them."""
    pulse_id, seed, count = session.pop(FRESH, None) or (None, "", 0)
    if pulse_id is None:
        return redirect(url_for("partnerships.index"))
    pulse = _find(pulse_id)
    ends = actions.tokens(seed, count)
    made = [url_for(".answer", code=pulse.code, token=end, _external=True) for end in ends]
    return _unkept(render("pulse/links.html", pulse=pulse, links=made))


@bp.post("/pulses/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, DEEDS, show=url_for(".show", id=id))


# -- whoever holds a link ----------------------------------------------------------------------


@bp.route("/pulse/<code>/<token>", methods=["GET", "POST"])
def answer(code: str, token: str) -> Page:
    """The three statements: the same page, and the same thanks, whatever became of the link."""
    pulse = queries.pulse_with(code)
    if pulse is None:
        return _unkept(render("pulse/over.html"), 404)
    form = PulseForm()
    if form.validate_on_submit():
        actions.answer(pulse, token, form.ratings)
        return redirect(url_for(".thanks"))
    page = render("pulse/answer.html", pulse=pulse, form=form)
    return _unkept(page, 422 if form.is_submitted() else 200)


@bp.get("/pulse/thanks")
def thanks() -> str:
    return render("pulse/thanks.html")


def _unkept(text: str, status: int = 200) -> Response:
    """A page that no browser or proxy keeps."""
    response = make_response(text, status)
    response.headers["Cache-Control"] = "no-store"
    return response
