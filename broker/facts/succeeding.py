"""An authority is split, merged or gets another code: what is open goes on with who follows.

Days go over by counter-entries, so that every sum holds; each record tells in its history where it
came from; people keep their roles at the successor. What is over stays with the old authority,
except partnerships, whose feedback and returns still lean on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from broker import clock, ledger
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.facts import mentions
from broker.facts.following import Records, code_is_taken, records_of
from broker.facts.review import review
from broker.models.authority import Authority, Succession
from broker.models.exception import EligibilityException, ExceptionState
from broker.models.ledger import Capacity
from broker.models.offer import Offer
from broker.models.person import Membership, Person
from broker.models.return_ import WORDS, Return, ReturnState
from broker.prospectus.faces import write as write_face
from broker.system import the_system
from broker.taking import may, take

WHOLE = 100
CODE = re.compile(r"E(06|08|09|10)[0-9]{6}")
OPEN_RETURNS = (
    ReturnState.IN_PROGRESS,
    ReturnState.AWAITING_CERTIFICATION,
    ReturnState.CHANGES_REQUESTED,
)


@dataclass(frozen=True)
class Following:
    """Who follows an authority. `shares` are percent, together 100; `chosen` says which successor
    a record goes to, by its key ('need-12'); the rest goes to the largest share, the first of two.
    """

    old: Authority
    shares: Mapping[Authority, int]
    on: date
    reason: str
    chosen: Mapping[str, Authority] = field(default_factory=dict)

    @property
    def main(self) -> Authority:
        return max(self.shares, key=lambda one: self.shares[one])

    def goes_to(self, noun: str, record_id: int) -> Authority:
        return self.chosen.get(f"{noun}-{record_id}", self.main)


def recode(authority: Authority, code: str, *, reason: str, by: Person) -> None:
    """The same body under another ONS code; it is still found by the old one."""
    if not CODE.fullmatch(code):
        raise NotRight("Type an authority code like E08000035.", "code")
    if code_is_taken(code):
        raise NotRight("Another authority has or had this code.", "code")
    was = authority.code
    take(authority, "recode", by=by, reason=reason, detail=f"{was} → {code}")
    authority.former_codes = [*authority.former_codes, was]
    authority.code = code
    db.session.flush()


def succeed(follows: Following, *, by: Person) -> Records:
    """Move or divide everything open; gives what was moved. All of it or nothing."""
    may(follows.old, "succeed", by=by)
    _check(follows)
    records = records_of(follows.old)
    _check_no_one_helps_itself(follows, records)
    names = ", ".join(f"{one.name} ({share} %)" for one, share in follows.shares.items())
    take(follows.old, "succeed", by=by, reason=follows.reason, detail=names)
    _hand_over_days(follows, records, by)
    _move_records(follows, records, by)
    _move_returns(follows, records, by)
    _move_people(follows, records, by)
    _write_down(follows)
    review(by=the_system(), provider_ids=[one.id for one in follows.shares])
    return records


def _check(follows: Following) -> None:
    if follows.old.ended_on is not None:
        raise NotPossible(f"{follows.old.name} is followed by others already.")
    if not follows.reason.strip():
        raise NotRight("Say why, in a sentence, with the order or act that did it.", "reason")
    if follows.on > clock.today():
        raise NotRight("Record it on the day it takes effect, or after.", "on")
    if follows.old in follows.shares or not follows.shares:
        raise NotRight("Choose another authority to follow it.", "first")
    if any(one.ended_on is not None for one in follows.shares):
        raise NotRight("Choose an authority that has not ended.", "first")
    if sum(follows.shares.values()) != WHOLE or min(follows.shares.values()) < 1:
        raise NotRight("The shares together make 100 percent.", "share")


def _check_no_one_helps_itself(follows: Following, records: Records) -> None:
    """Two sides of one record do not become the same authority."""
    for thing in records.recordings:
        if follows.main.id in (thing.provider_id, thing.receiver_id):
            raise NotPossible(f"Recording {thing.id} is between the two. It is taken back first.")
    for thing in records.between_two(only_live=True):
        gives = thing.provider_id == follows.old.id
        other = thing.receiver_id if gives else thing.provider_id
        if _destination(follows, thing).id == other:
            raise NotPossible(
                f"{thing.noun.capitalize()} {thing.id} is between the two authorities that become "
                f"one. End or decline it first."
            )


def _destination(follows: Following, thing: Any) -> Authority:
    """A match goes where its need goes, or where its offer goes; what hangs on it goes along."""
    match = getattr(thing, "match", thing)
    if thing.receiver_id == follows.old.id:
        return follows.goes_to("need", match.need_id)
    offer_id = getattr(match, "offer_id", None) or match.offer_version.offer_id
    return follows.goes_to("offer", offer_id)


# -- days -------------------------------------------------------------------------------------


def _hand_over_days(follows: Following, records: Records, by: Person) -> None:
    goes = {match.id: _destination(follows, match) for match in records.giving}
    for capacity in records.capacities:
        event = take(capacity, "succeed", by=by, reason=follows.reason, detail=_names(follows))
        free = _divided(follows, capacity)
        for successor in follows.shares:
            target = _capacity_of(successor, capacity)
            ids = {match_id for match_id, to in goes.items() if to is successor}
            ledger.hand_over(capacity, target, event, match_ids=ids, free=free[successor])


def _capacity_of(successor: Authority, capacity: Capacity) -> Capacity:
    """The successor's capacity; it takes on as many partnerships at once as both did."""
    same = select(Capacity.id).filter_by(
        provider_id=successor.id, programme_id=capacity.programme_id
    )
    is_known = db.session.scalar(same) is not None
    target = ledger.capacity_of(successor.id, capacity.programme)
    target.at_once = capacity.at_once + (target.at_once if is_known else 0)
    db.session.flush()
    return target


def _divided(follows: Following, capacity: Capacity) -> dict[Authority, dict[Any, tuple[int, int]]]:
    """Free and likely days by successor and quarter, in whole quarter-days; sums stay exact."""
    parts: dict[Authority, dict[Any, tuple[int, int]]] = {one: {} for one in follows.shares}
    for quarter, balance in ledger.balances([capacity.id])[capacity.id].items():
        free, likely = (divide(n, follows.shares) for n in (balance.free, balance.indicated))
        for one in follows.shares:
            parts[one][quarter] = free[one], likely[one]
    return parts


def divide(quarter_days: int, shares: Mapping[Authority, int]) -> dict[Authority, int]:
    """Whole quarter-days by percent; what is left over goes to the largest remainders, in order."""
    exact = {one: quarter_days * share for one, share in shares.items()}
    parts = {one: amount // WHOLE for one, amount in exact.items()}
    left = quarter_days - sum(parts.values())
    for one in sorted(exact, key=lambda one: -(exact[one] % WHOLE))[:left]:
        parts[one] += 1
    return parts


# -- records and people -----------------------------------------------------------------------


def _move_records(follows: Following, records: Records, by: Person) -> None:
    for offer in records.offers:
        _move(offer, "provider", follows.goes_to("offer", offer.id), follows, by)
        mentions.forget_itself(offer)
    for need in records.needs:
        _move(need, "receiver", follows.goes_to("need", need.id), follows, by)
        mentions.forget_itself(need)
    for thing in (*records.suggested, *records.live_help):
        _move(thing, "receiver", follows.main, follows, by)
    for recording in records.recordings:
        side = "provider" if recording.provider_id == follows.old.id else "receiver"
        _move(recording, side, follows.main, follows, by)
    for exception in records.exceptions:
        _move_exception(exception, follows, by)
    for showing in records.showings:
        _move(showing, "authority", follows.main, follows, by)
    for thing in records.between_two():
        side = "provider" if thing.provider_id == follows.old.id else "receiver"
        _move(thing, side, _destination(follows, thing), follows, by)
    given_together = mentions.hand_over_name(records.partners, follows.main)
    mentions.hand_over_wishes(records.naming, follows.old, follows.shares)
    _write_faces([*records.offers, *given_together])


def _write_faces(offers: list[Offer]) -> None:
    """What the prospectus finds says who gives it now."""
    for offer in dict.fromkeys(offers):
        if offer.published_at is not None:
            write_face(offer)


def _move_exception(exception: EligibilityException, follows: Following, by: Person) -> None:
    """An authority has one exception in a programme: the successor's then lasts as long as both."""
    same = select(EligibilityException).filter_by(
        provider_id=follows.main.id,
        programme_id=exception.programme_id,
        state=ExceptionState.IN_FORCE,
    )
    theirs = db.session.scalars(same).one_or_none()
    if theirs is None:
        _move(exception, "provider", follows.main, follows, by)
        return
    until = max(theirs.expires_on, exception.expires_on)
    detail = f"with exception {exception.id} of {follows.old.name}, until {until.isoformat()}"
    take(theirs, "succeed", by=by, reason=follows.reason, detail=detail)
    theirs.expires_on = until
    db.session.flush()


def _move(thing: Any, side: str, to: Authority, follows: Following, by: Person) -> None:
    detail = f"{follows.old.name} → {to.name}"
    take(thing, "succeed", by=by, reason=follows.reason, detail=detail)
    setattr(thing, side, to)
    db.session.flush()


def _move_returns(follows: Following, records: Records, by: Person) -> None:
    for return_ in records.returns:
        to = follows.goes_to("return", return_.id)
        theirs = records.theirs.get((to.id, return_.programme_id, return_.quarter))
        if theirs is None:
            _move(return_, "provider", to, follows, by)
        elif not records.is_frozen(return_):
            _join(return_, theirs, follows, by)


def _join(return_: Return, theirs: Return, follows: Following, by: Person) -> None:
    """One quarter of one programme has one return: the words of both stand in the successor's."""
    take(return_, "join", by=by, reason=follows.reason, detail=f"return {theirs.id}")
    take(theirs, "succeed", by=by, reason=follows.reason, detail=f"with return {return_.id}")
    if theirs.state in OPEN_RETURNS:
        for name in WORDS:
            words = getattr(return_, name).strip()
            if words:
                both = f"{getattr(theirs, name)}\n\nFrom {follows.old.name}: {words}"
                setattr(theirs, name, both.strip())
    db.session.flush()


def _move_people(follows: Following, records: Records, by: Person) -> None:
    for person in records.people:
        to = follows.goes_to("person", person.id)
        take(person, "succeed", by=by, reason=follows.reason, detail=to.name)
        for held in [m for m in person.memberships if m.authority_id == follows.old.id]:
            _move_membership(person, held, to, follows.on)
        if person.employer_id == follows.old.id:
            person.employer = to
    db.session.flush()


def _move_membership(person: Person, held: Membership, to: Authority, on: date) -> None:
    """The old role ends the day before; the same role at the successor begins, if not held."""
    if held.ends_on is not None and held.ends_on < on:
        return
    until = held.ends_on
    if not any(m.authority_id == to.id and m.role is held.role for m in person.roles_now):
        begins = max(on, held.starts_on)
        new = Membership(role=held.role, authority=to, starts_on=begins, ends_on=until)
        new.deputy_for_id = held.deputy_for_id
        person.memberships.append(new)
    held.ends_on = max(on - timedelta(days=1), held.starts_on)
    if held.is_on(clock.today()):
        held.authority = to


def _write_down(follows: Following) -> None:
    follows.old.ended_on = follows.on
    for successor, share in follows.shares.items():
        db.session.add(
            Succession(
                authority=follows.old, successor=successor, share=share, happened_on=follows.on
            )
        )
    db.session.flush()


def _names(follows: Following) -> str:
    return f"{follows.old.name} → {', '.join(one.name for one in follows.shares)}"
