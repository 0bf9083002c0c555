"""Who leads on each side: named at the opening, changed with a handover, never overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.errors import NotRight
from broker.models.agreement import Lead, Post
from broker.models.event import Event
from broker.models.match import Side
from broker.models.partnership import PARTNERSHIPS_OPEN, Partnership
from broker.models.person import Membership, Person, Role
from broker.models.programme import Theme
from broker.partnerships.sides import side_of
from broker.system import the_system
from broker.taking import lock, membership_for, row_for, take
from broker.turns import in_turns

WHO_LENGTH = 120
NOTE_LENGTH = 2000
LEADING = {Side.RECEIVER: Role.IMPROVEMENT_LEAD, Side.PROVIDER: Role.PARTNERSHIP_LEAD}


def begin(partnership: Partnership) -> None:
    """Both directors of today, and a lead for each theme: as the terms name them, else whoever
    holds the role."""
    match = partnership.match
    named = {
        lead.theme_id: {Side.RECEIVER: lead.receiver_lead, Side.PROVIDER: lead.provider_lead}
        for lead in match.leads
    }
    for side, place in sides_with_places(partnership):
        if director := _holder(place, Role.DIRECTOR):
            _put(partnership, side, Post.DIRECTOR, None, director)
        holder = _holder(place, LEADING[side])
        for row in match.need.themes:
            said = named.get(row.theme_id, {}).get(side, "").strip()
            if name := said or holder:
                _put(partnership, side, Post.LEAD, row.theme, name)
    db.session.flush()


def sides_with_places(partnership: Partnership) -> tuple[tuple[Side, int], tuple[Side, int]]:
    """Each side with the id of its authority."""
    return (Side.RECEIVER, partnership.receiver_id), (Side.PROVIDER, partnership.provider_id)


def _holder(authority_id: int, role: Role) -> str | None:
    held = (
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.authority_id == authority_id,
            Membership.role == role,
            Membership.held_on(clock.today()),
            Membership.duties.is_(None),
        )
        .order_by(Membership.id)
    )
    return db.session.scalars(held).first()


def _put(
    partnership: Partnership,
    side: Side,
    post: Post,
    theme: Theme | None,
    who: str,
    on: date | None = None,
) -> Lead:
    lead = Lead(
        partnership=partnership,
        side=side,
        post=post,
        theme=theme,
        who=who,
        from_on=on or clock.today(),
    )
    db.session.add(lead)
    return lead


def change(
    partnership: Partnership,
    *,
    post: Post,
    theme: Theme | None,
    who: str,
    note: str,
    by: Person,
) -> Event:
    """Somebody else holds a post on the acting side from today. Whoever held it stays in the story,
    with the note that hands over.
    """
    lock(partnership)
    who, note = who.strip(), note.strip()
    side = side_of(partnership, by)
    before = holding(partnership, side, post, theme)
    _check(who, note, before)
    detail = f"{_post_words(post, theme)}: {before.who + ' → ' if before else ''}{who}"
    event = take(partnership, "change_lead", by=by, detail=detail)
    if before is not None:
        before.until_on, before.note = clock.today(), note
    _put(partnership, side, post, theme, who)
    db.session.flush()
    return event


def follow_directors() -> None:
    """Name who is director now wherever whoever was named has left the post. Who shares it, or was
    appointed anew, changes nothing."""
    named = (
        select(Lead)
        .join(Lead.partnership)
        .where(
            Lead.post == Post.DIRECTOR,
            Lead.until_on.is_(None),
            Partnership.state.in_(PARTNERSHIPS_OPEN),
        )
        .order_by(Lead.id)
    )
    found = list(db.session.scalars(named).unique())
    directors = _directors({_place(lead) for lead in found})
    for lead in in_turns(found):
        if new := _new_director(lead, directors[_place(lead)]):
            _follow(lead, new)


def _place(lead: Lead) -> int:
    return dict(sides_with_places(lead.partnership))[lead.side]


def _directors(authority_ids: set[int]) -> dict[int | None, list[Membership]]:
    """Authority's id → every directorship there, past ones too; no named deputies."""
    held = select(Membership).where(
        Membership.role == Role.DIRECTOR,
        Membership.authority_id.in_(authority_ids),
        Membership.deputy_for_id.is_(None),
    )
    at: dict[int | None, list[Membership]] = defaultdict(list)
    for one in db.session.scalars(held.order_by(Membership.starts_on, Membership.id)):
        at[one.authority_id].append(one)
    return at


def _new_director(lead: Lead, held: Sequence[Membership]) -> Membership | None:
    """The first to become director since a lead was named, once nobody of that day is left."""
    known = {one.person_id for one in held if one.starts_on <= lead.from_on}
    now = [one for one in held if one.is_on(clock.today())]
    return None if any(one.person_id in known for one in now) else next(iter(now), None)


def _follow(lead: Lead, new: Membership) -> None:
    partnership, who = lead.partnership, new.person.name
    detail = f"{_post_words(lead.post, None)}: {lead.who} → {who}"
    take(partnership, "follow_director", by=the_system(), detail=detail)
    lead.until_on = new.starts_on
    _put(partnership, lead.side, lead.post, None, who, new.starts_on)
    db.session.flush()


def _check(who: str, note: str, before: Lead | None) -> None:
    if not who or len(who) > WHO_LENGTH:
        raise NotRight(f"Say who, by role, in at most {WHO_LENGTH} characters.", field="who")
    if before is not None and who == before.who:
        raise NotRight("They hold this already.", field="who")
    if before is not None and not note:
        raise NotRight("Leave a note for whoever takes over: where things stand.", field="note")
    if len(note) > NOTE_LENGTH:
        raise NotRight(f"Keep the note under {NOTE_LENGTH:,} characters.", field="note")


def _post_words(post: Post, theme: Theme | None) -> str:
    return f"{post.words}, {theme.name}" if theme else post.words


# -- questions --------------------------------------------------------------------------------


def all_of(partnership: Partnership) -> list[Lead]:
    """Everybody who holds or held a post, in the order in which they took it."""
    found = select(Lead).filter_by(partnership_id=partnership.id).order_by(Lead.from_on, Lead.id)
    return list(db.session.scalars(found).unique())


def holding(partnership: Partnership, side: Side, post: Post, theme: Theme | None) -> Lead | None:
    """Who holds a post now."""
    place = side, post, theme.id if theme else None
    held = (one for one in all_of(partnership) if one.until_on is None and one.place == place)
    return next(held, None)


def churn(leads: Sequence[Lead]) -> int:
    """How many times a post went to somebody else."""
    return sum(one.until_on is not None for one in leads)


@dataclass(frozen=True)
class Pair:
    """Who is opposite whom: for a theme, or (the directors) for the whole partnership."""

    post: Post
    theme: Theme | None
    receiver: Lead | None
    provider: Lead | None


def pairs(partnership: Partnership, leads: Sequence[Lead]) -> list[Pair]:
    """The directors, then leads and deputies for each theme, whether somebody holds the post or
    not."""
    themes = [row.theme for row in partnership.match.need.themes]
    now = {one.place: one for one in leads if one.until_on is None}
    posts: list[tuple[Post, Theme | None]] = [(Post.DIRECTOR, None)]
    posts += [(post, theme) for theme in themes for post in (Post.LEAD, Post.DEPUTY)]
    return [
        Pair(post, theme, *(now.get((side, post, theme.id if theme else None)) for side in Side))
        for post, theme in posts
    ]


def side_that_names(person: Person, partnership: Partnership) -> Side | None:
    """The side on which a person may say who leads now, if any."""
    row = row_for(partnership, "change_lead")
    is_open = partnership.state in row.from_ and membership_for(row, person, partnership)
    return side_of(partnership, person) if is_open else None
