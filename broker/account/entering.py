"""From who somebody is to being signed in: what the views of signing in share.

Between the password and the second step the cookie says who is at the door and since when, signed;
nobody is signed in by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from broker import clock
from broker.account import actions, pace, second_step
from broker.db import begin_writing, db
from broker.models.person import Person
from broker.models.sign_in import How

TYPED = "asking"  # an ask typed before signing in; see conversations.views
AT_THE_DOOR = "at_the_door"
NEW_KEY = "new_key"  # of an authenticator app, sealed, until a code of it is typed
CODES = "recovery_codes"  # shown once, on the page that follows
WAITS = timedelta(minutes=15)  # for the second step
NO_ROLE = "You hold no role in the exchange today. Ask your director or an administrator."


def go_on(
    person_id: int, how: How, *, has_two_steps: bool = False, to: str = ""
) -> Response | None:
    """Lead somebody who is right to the next step, or in; None when they hold no role today."""
    begin_writing()
    person = db.session.get_one(Person, person_id)
    if not person.held_today:
        actions.turn_away(person_id)
        return None
    if has_two_steps or (second_step.of(person) is None and not second_step.is_needed(person)):
        return come_in(person, how, to=to)
    _forget_all_but_what_was_typed()
    session[AT_THE_DOOR] = {"id": person.id, "how": how.value, "at": clock.now().isoformat()}
    step = "code" if second_step.of(person) else "set_up"
    return redirect(url_for(f"account.{step}", next=to or request.args.get("next")))


def at_the_door() -> tuple[Person, How] | None:
    """Who has shown the first step a short while ago."""
    waiting = session.get(AT_THE_DOOR)
    if not waiting or clock.now() - datetime.fromisoformat(waiting["at"]) > WAITS:
        return None
    person = db.session.get(Person, waiting["id"])
    return (person, How(waiting["how"])) if person and person.held_today else None


def come_in(person: Person, how: How, *, to: str = "") -> Response:
    """Begin a fresh session, and lead to where they were going."""
    _forget_all_but_what_was_typed()
    entered = actions.enter(person, how)
    response = redirect(to or next_page())
    return pace.remember(response, entered.account, entered.device)


def _forget_all_but_what_was_typed() -> None:
    typed = session.get(TYPED)
    session.clear()
    if typed:
        session[TYPED] = typed


def next_page() -> str:
    """Where they were going, if that is a page of ours."""
    target = request.args.get("next", "")
    if is_ours(target):
        return target
    if typed := session.get(TYPED):
        return url_for("conversations.ask_about", offer_id=typed["offer_id"])
    return url_for("work.index")


def is_ours(target: str) -> bool:
    """Whether an address is a page of ours. Browsers read '/<tab>/x' as '//x'."""
    is_plain = target.isprintable() and "\\" not in target
    return is_plain and target.startswith("/") and not target.startswith("//")


def start_again() -> Response:
    flash("Please sign in once more: that took a while.", "message")
    return redirect(url_for("account.sign_in", next=request.args.get("next")))
