"""Exceptions to who may provide: the list, one exception, granting and ending."""

from __future__ import annotations

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.events import history_of
from broker.exceptions import actions, queries
from broker.exceptions.forms import GrantForm
from broker.models.exception import ExceptionState
from broker.models.person import Role
from broker.web import render

bp = Blueprint("exceptions", __name__)
OVERSEEING = (Role.COORDINATOR, Role.PROGRAMME_MANAGER, Role.DFE_LEAD)
STATES = {state.value: state for state in ExceptionState}


@bp.get("/exceptions")
@web.only(*OVERSEEING)
def index() -> str:
    state = STATES.get(request.args.get("state", ""))
    return render(
        "exceptions/index.html",
        page=web.page_of(queries.listed(g.person, words=web.searched(), state=state)),
        states=STATES,
        grants=bool(g.person.holding(Role.COORDINATOR)),
    )


@bp.route("/exceptions/new", methods=["GET", "POST"])
@web.only(Role.COORDINATOR)
def new() -> Response | str | tuple[str, int]:
    providers = {str(one.id): one for one in queries.providers_for(g.person)}
    programmes = {one.code: one for one in queries.programmes()}
    form = GrantForm()
    form.provider.choices = [(key, one.name) for key, one in providers.items()]
    form.programme.choices = [(key, one.name) for key, one in programmes.items()]
    return web.settle(
        form,
        "exceptions/new.html",
        lambda: actions.grant(
            provider=providers[form.provider.data],
            programme=programmes[form.programme.data],
            because=form.because.data,
            expires_on=form.expires_on.data,
            by=g.person,
        ),
        said="Granted. Suspended offers that the rules alone kept out stand again.",
        show=url_for(".index"),
    )


@bp.get("/exceptions/<int:id>")
@web.signed_in
def show(id: int) -> str:
    exception = web.find(queries.exceptions_visible_to(g.person), id)
    return render(
        "exceptions/show.html",
        exception=exception,
        events=history_of(exception),
        lists=bool(g.person.holding(*OVERSEEING)),
    )


@bp.post("/exceptions/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    exception = web.find(queries.exceptions_visible_to(g.person), id)
    return web.press(exception, verb, actions.DEEDS, show=url_for(".show", id=id))
