"""Showing to an authority, word for word, what would go out about it; and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.events import Recorded
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.person import Person
from broker.models.showing import Showing, ShowingState
from broker.outbox import path_of
from broker.showings.queries import shown_of
from broker.system import the_system
from broker.taking import lock, start, take
from broker.turns import in_turns

COMMENT_LENGTH = 2000
Words = Sequence[tuple[str, str]]


def show(
    thing: Recorded, words: Words, *, to: Authority, side: Side, title: str, goes_to: str
) -> Showing:
    """Show an authority what would go out about it. The same words again are shown once; other
    words replace those shown before, and the days to read them begin anew.

    `words`: pairs of a name and the words themselves, exactly as they go out. `goes_to`: who reads
    them then, in words.
    """
    rows = [[name, said] for name, said in words]
    for before in shown_of(thing.noun, [thing.id]).get(thing.id, []):
        if (before.authority_id, before.side) == (to.id, side):
            if before.rows == rows:
                return before
            take(before, "replace", by=the_system())
    made = Showing(
        about_noun=thing.noun,
        about_id=thing.id,
        authority=to,
        side=side,
        title=title[:200],
        goes_to=goes_to,
        rows=rows,
        path=path_of(thing),
    )
    start(made, "show", by=the_system())
    return made


def take_back(thing: Recorded) -> None:
    """Nothing of it is to go out any more: what stands is replaced by nothing."""
    for before in shown_of(thing.noun, [thing.id]).get(thing.id, []):
        take(before, "replace", by=the_system())


def see(showing: Showing, *, comment: str = "", by: Person) -> None:
    """The authority has read it; what it says about it travels with it."""
    comment = comment.strip()
    if len(comment) > COMMENT_LENGTH:
        raise NotRight(f"Keep this under {COMMENT_LENGTH:,} characters.", field="comment")
    take(showing, "comment" if showing.state is ShowingState.SEEN else "see", by=by)
    if showing.seen_at is None:
        showing.seen_at, showing.seen_by_id = clock.now(), by.id
    showing.comment = comment
    db.session.flush()


def let_pass(day: date, *, by: Person) -> None:
    """Write down, of what nobody has said they read, that its 5 working days are over."""
    waiting = select(Showing).filter_by(state=ShowingState.SHOWN).order_by(Showing.id)
    for showing in in_turns(db.session.scalars(waiting).unique()):
        if showing.counts_from <= day:
            lock(showing)
            if showing.state is ShowingState.SHOWN:  # nobody has read it meanwhile
                take(showing, "let_pass", by=by)
