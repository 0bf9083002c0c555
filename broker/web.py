"""What every page needs: who is asking, finding things, pressing verbs, forms that count once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, flash, g, redirect, request, url_for
from flask import render_template as flask_render
from flask_wtf import CSRFProtect
from sqlalchemy import Select, select, update
from sqlalchemy.dialects import postgresql, sqlite
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as AnyResponse

from broker import clock, days, kept_forms, proof, sessions
from broker.clock import LONDON
from broker.db import BEGINS_LATER, begin_writing, db
from broker.duties import Duty
from broker.errors import NotAllowed, NotPossible, NotRight, Refused
from broker.fields.typed import without_odd
from broker.models.event import Event
from broker.models.person import for_duty
from broker.models.sign_in import SignInSession
from broker.models.work import OneTimeKey
from broker.money import format_money
from broker.taking import may, row_for, take, verbs_open_to, why_not
from broker.workflow import BY_NAME, Row

Found = TypeVar("Found")
PAGE_SIZE = 20
# Whoever opens these is nobody: no name on the page, and no key that says who pressed what when.
UNTRACED = {"static", "pulse.answer", "pulse.thanks"}
# Areas for programs: a token says who asks, and a cookie nothing.
WITHOUT_SESSION = {"api"}
ENDED = "You were signed out after a time without use. Sign in again to go on."
csrf = CSRFProtect()


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    sessions.login.unauthorized_handler(ask_to_sign_in)
    app.url_map.converters["verb"] = VerbConverter
    app.before_request(load_person)
    app.before_request(press_once)
    app.after_request(remember_press)
    app.teardown_request(lambda _error: proof.asks(None))
    app.jinja_env.filters.update(
        days=days.format_days,
        number=days.format_number,
        thousands="{:,}".format,
        plain=days.format_plain,
        money=format_money,
        date=format_date,
        moment=format_moment,
    )
    app.jinja_env.globals.update(
        asset=asset,
        once_key=once_key,
        event_words=event_words,
        searched=searched,
        verbs_for=verbs_for,
        state_words=state_words,
    )


class VerbConverter(BaseConverter):
    """Matches a verb's name in an address."""

    regex = "[a-z_]+"


def load_person() -> None:
    g.session = g.timed_out = g.person = None
    if request.endpoint not in UNTRACED and request.blueprint not in WITHOUT_SESSION:
        sessions.load()
    proof.asks(_asker())


def _asker() -> proof.Asker | None:
    if g.session is None:
        return None
    return proof.Asker(g.person.id, sessions.is_proved(g.session))


def prove_first(_error: proof.NotProved) -> AnyResponse:
    """Lead to where somebody shows who they are, and from there back with what they had typed."""
    if request.method != "POST":
        return redirect(url_for("own_sign_in.prove", next=request.full_path.rstrip("?")))
    begin_writing()
    return redirect(url_for("own_sign_in.prove", kept=kept_forms.keep(g.person.id)))


def ask_to_sign_in() -> AnyResponse:
    """Send somebody to sign in, and from there to the page they asked for. What somebody posts
    whose session has ended by time is kept for them."""
    ended: SignInSession | None = g.timed_out
    if ended is not None and request.method == "POST" and kept_forms.keep(ended.person_id):
        flash(f"{ENDED} What you had typed is kept.", "message")
        return redirect(url_for("account.sign_in", next=url_for("own_sign_in.kept")))
    flash(ENDED if ended else "Sign in to see that page.", "message")
    return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view is for people who are signed in; others are sent to sign in."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if g.person else sessions.login.unauthorized()

    return wrapped


def only(
    *roles: Any, duty: Duty | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The view is for people who hold one of the roles today (403 for others), or stand in for one
    who does: for this duty, where one is named."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @signed_in
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with for_duty(duty.value if duty else None):
                is_held = bool(g.person.holding(*roles))
            if not is_held:
                raise NotAllowed("This page is for another role than yours.")
            return view(*args, **kwargs)

        return wrapped

    return decorate


# -- finding ----------------------------------------------------------------------------------


def find(scope: Select[Found], thing_id: int) -> Found:
    """The thing with this id among those the person may see; otherwise it does not exist (404)."""
    noun = scope.column_descriptions[0]["entity"]
    if thing_id > 2**31 - 1:
        abort(404)
    found = db.session.scalars(scope.where(noun.id == thing_id)).unique().one_or_none()
    if found is None:
        abort(404)
    return found


@dataclass
class Page:
    """One page of a list. `number` starts at 1."""

    items: list[Any]
    total: int
    number: int
    size: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    def url_for(self, number: int) -> str:
        kept = {name: request.args.getlist(name) for name in request.args if name != "page"}
        return url_for(request.endpoint or "", **{**(request.view_args or {}), **kept}, page=number)


def page_of(items: list[Any], *, size: int = PAGE_SIZE) -> Page:
    """The page of a list that the address asks for."""
    return page_read(len(items), lambda at, most: items[at : at + most], size=size)


def page_read(total: int, read: Callable[[int, int], list[Any]], *, size: int = PAGE_SIZE) -> Page:
    """The page that the address asks for of a list of `total`; `read` takes an offset and how many
    to read from there."""
    number = min(max(request.args.get("page", 1, type=int), 1), max(1, -(-total // size)))
    return Page(items=read((number - 1) * size, size), total=total, number=number, size=size)


def searched(name: str = "q") -> str:
    """What was typed into a list's search box, without what no page can show."""
    return without_odd(request.args.get(name, ""))[:100].strip()


# -- pressing verbs ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Button:
    """A verb as a button on a page."""

    label: str
    url: str
    reason: str
    warning: bool


def verbs_for(thing: Any, endpoint: str, **values: Any) -> list[Button]:
    """The buttons that the signed-in person has on a thing; `endpoint` takes `id` and `verb`."""
    return [
        Button(
            label=row.label,
            url=url_for(endpoint, id=thing.id, verb=row.verb, **values),
            reason=row.reason.value,
            warning=row.is_warning,
        )
        for row in verbs_open_to(g.person, thing)
        if row.is_pressed
    ]


Deed = Callable[..., Any]


def press(thing: Any, verb: str, deeds: dict[str, Deed] | None = None, *, show: str) -> AnyResponse:
    """Do a pressed verb to a thing and go to `show`; `deeds` are the verbs that do more."""
    row = BY_NAME.get((thing.noun, verb))
    if row is None or not row.is_pressed:
        abort(404)
    reason = reason_typed()
    deed = (deeds or {}).get(verb)
    if deed:
        deed(thing, reason=reason, by=g.person)
    else:
        take(thing, verb, by=g.person, reason=reason)
    flash(done(thing, row), "success")
    return redirect(show)


def reason_typed() -> str:
    """The reason that came with a button, without what no page can show and no database keeps."""
    return without_odd(request.form.get("reason", "")).strip()


def done(thing: Any, row: Row) -> str:
    return f"{row.past[0].upper()}{row.past[1:]}: {thing.title}."


def says_no(error: Refused) -> tuple[str, int]:
    """A refusal as a page, with what was typed as a reason kept in it."""
    db.session.rollback()
    status = {NotAllowed: 403, NotPossible: 409, NotRight: 422}.get(type(error), 409)
    typed = reason_typed() if request.method == "POST" else ""
    return render(f"errors/{status}.html", words=error.words, typed=typed), status


def put_right(form: Any, error: NotRight | NotPossible) -> None:
    """Show a rule's refusal on the form it came from; what was done so far is undone."""
    db.session.rollback()
    name = error.field if isinstance(error, NotRight) else ""
    field = form[name] if name and name in form else next(iter(form))
    field.errors = [*field.errors, error.words]


def settle(
    form: Any,
    template: str,
    do: Callable[[], Any],
    *,
    said: str | Callable[[], str],
    show: str,
    **context: Any,
) -> AnyResponse | str | tuple[str, int]:
    """Show a form; once it is right, do what it asks, say so and go to `show`.

    `said` may be asked for once it is done. A rule's refusal is shown on the form, with everything
    typed kept (422, nothing changed).
    """
    if form.validate_on_submit():
        try:
            do()
        except (NotRight, NotPossible) as error:
            put_right(form, error)
        else:
            flash(said if isinstance(said, str) else said(), "success")
            return redirect(show)
    return render(template, form=form, **context), 422 if form.is_submitted() else 200


def asked(thing: Any, verb: str) -> None:
    """Refuse the form of a verb that the person may not use (403) or that cannot be now (409).

    Where it weighs heavily they show who they are before they type anything."""
    row = row_for(thing, verb)
    may(thing, verb, by=g.person)
    if said := why_not(thing, row):
        raise NotPossible(said)
    proof.check(row.weighs, thing, g.person)


# -- forms that count once --------------------------------------------------------------------


def once_key() -> str:
    """A fresh key for a form: however often it is pressed, it counts once."""
    return secrets.token_hex(16)


def press_once() -> AnyResponse | None:
    """A POST whose key this person has pressed before leads where that press led."""
    key = without_odd(request.form.get("once", ""))[:64] if request.method == "POST" else ""
    if not key or g.person is None or request.endpoint in BEGINS_LATER:
        return None
    dialect = db.engine.dialect.name
    put = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(OneTimeKey)
    values = {"person_id": g.person.id, "key": key, "pressed_at": clock.now(), "location": ""}
    fresh = put.values(**values).on_conflict_do_nothing().returning(OneTimeKey.key)
    if db.session.scalar(fresh):
        g.once = key
        return None
    where = select(OneTimeKey.location).filter_by(person_id=g.person.id, key=key)
    return redirect(db.session.scalar(where) or url_for("work.index"))


def remember_press(response: Response) -> Response:
    """Keep where this press leads, in the same transaction as what it did."""
    if 300 <= response.status_code < 400 and (key := g.pop("once", None)):
        mine = update(OneTimeKey).filter_by(person_id=g.person.id, key=key)
        db.session.execute(mine.values(location=(response.location or "")[:400]))
    return response


# -- pages ------------------------------------------------------------------------------------


def render(template: str, **context: Any) -> str:
    return flask_render(template, **context)


@lru_cache(maxsize=64)
def _fingerprint(file: Path, changed: float) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a built file, with a fingerprint so that browsers may keep it."""
    file = Path(current_app.static_folder or "") / "dist" / name
    mark = _fingerprint(file, file.stat().st_mtime) if file.exists() else "missing"
    return url_for("static", filename=f"dist/{name}", v=mark)


def format_date(day: date | datetime | None) -> str:
    """3 November 2026."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = day.astimezone(LONDON).date()
    return f"{day.day} {day:%B %Y}"


def format_moment(moment: datetime) -> str:
    """3 November 2026, 14:05."""
    local = moment.astimezone(LONDON)
    return f"{format_date(local)}, {local:%H:%M}"


def event_words(event: Event) -> str:
    """What happened, in the past tense."""
    row = BY_NAME.get((event.noun, event.verb))
    words = row.past if row else event.verb.replace("_", " ")
    return words[:1].upper() + words[1:]


def state_words(state: Any) -> str:
    return str(state.value).replace("_", " ").capitalize()
