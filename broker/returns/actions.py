"""What people do with returns, and freezing a programme's quarter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from broker import clock, ledger
from broker.clock import Quarter
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.ledger import Capacity
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.return_ import (
    EVERY_QUARTER,
    WORDS,
    Freeze,
    FrozenVersion,
    Return,
    ReturnNote,
    ReturnVersion,
)
from broker.returns import checks, settling
from broker.returns.content import content_now, sha256_of
from broker.returns.expected import expected, is_expected, programmes_with_returns
from broker.returns.figures import figures_of
from broker.returns.freezing import preview
from broker.returns.queries import last_version, previous
from broker.returns.totals import totals_of
from broker.taking import lock, may, row_for, start, take, why_not
from broker.turns import in_turns

WORDS_LENGTH = 10_000
NOTE_LENGTH = 2_000


def open_return(*, provider_id: int, programme: Programme, quarter: Quarter, by: Person) -> Return:
    """Start a provider's return for a quarter that is over; the one there is, if there is one.

    The words of its last return come along, to be put right.
    """
    may(Return(provider_id=provider_id, programme_id=programme.id), "start", by=by)
    _check_expected(provider_id, programme, quarter)
    ledger.lock([ledger.capacity_of(provider_id, programme).id])
    if found := find_return(provider_id, programme.id, quarter):
        return found
    earlier = previous(provider_id, programme.id, quarter)
    opened = Return(
        provider_id=provider_id,
        programme_id=programme.id,
        quarter=quarter,
        **{name: getattr(earlier, name) if earlier else "" for name in EVERY_QUARTER},
    )
    start(opened, "start", by=by)
    return opened


def _check_expected(provider_id: int, programme: Programme, quarter: Quarter) -> None:
    if not programme.policy.has_returns:
        raise NotPossible(f"{programme.name} asks for no returns.")
    if not is_expected(provider_id, programme.id, quarter):
        raise NotPossible(
            f"There were no days and no partnerships under {programme.name} in {quarter}, so no "
            f"return is expected."
        )


def find_return(provider_id: int, programme_id: int, quarter: Quarter) -> Return | None:
    known = select(Return).filter_by(
        provider_id=provider_id, programme_id=programme_id, quarter=quarter
    )
    return db.session.scalars(known).unique().one_or_none()


def open_due(*, by: Person) -> list[Return]:
    """Open the returns that are expected for the quarter just ended and not started yet."""
    quarter = clock.this_quarter() - 1
    if clock.today() < clock.return_opens(quarter):
        return []
    programmes = {programme.id: programme for programme in programmes_with_returns()}
    due = [
        (provider_id, programmes[programme_id])
        for (programme_id, _), providers in sorted(expected(programmes, [quarter]).items())
        for provider_id in sorted(providers)
        if find_return(provider_id, programme_id, quarter) is None
    ]
    return [
        _open_or_nil(provider_id, programme, quarter, by=by)
        for provider_id, programme in in_turns(due)
        if is_expected(provider_id, programme.id, quarter)  # still
    ]


def _open_or_nil(provider_id: int, programme: Programme, quarter: Quarter, *, by: Person) -> Return:
    """Where there is nothing to tell, the return is made whole by itself."""
    if not figures_of(provider_id, programme.id, quarter).is_nil:
        return open_return(provider_id=provider_id, programme=programme, quarter=quarter, by=by)
    ledger.lock([ledger.capacity_of(provider_id, programme).id])
    if found := find_return(provider_id, programme.id, quarter):
        return found
    nil = Return(provider_id=provider_id, programme_id=programme.id, quarter=quarter)
    start(nil, "submit_nil", by=by)
    db.session.refresh(nil)
    _keep(nil, content_now(nil), by=by)
    return nil


def write(return_: Return, *, by: Person, **words: str) -> None:
    """Write the words of a return: those of WORDS that are given; the others stay."""
    if unknown := words.keys() - WORDS.keys():
        raise KeyError(f"a return has no {unknown}")
    for name, text in words.items():
        if len(text) > WORDS_LENGTH:
            raise NotRight(f"Keep this under {WORDS_LENGTH:,} characters.", field=name)
    take(return_, "write", by=by)
    for name, text in words.items():
        setattr(return_, name, text.strip())
    db.session.flush()


def hand_over(return_: Return, *, by: Person, reason: str = "") -> None:
    """Send a return to the director, once nothing in it stands in the way."""
    may(return_, "hand_over", by=by)
    _check_blocks(return_, "hand_over")
    take(return_, "hand_over", by=by, reason=reason)


def _check_blocks(return_: Return, verb: str) -> None:
    """NotPossible, naming everything that must be put right first."""
    if said := why_not(return_, row_for(return_, verb)):
        raise NotPossible(said)
    is_last = verb == "certify"
    if words := [
        check.words
        for check in checks.checks_of(return_)
        if check.is_blocking and (is_last or not check.waits)
    ]:
        raise NotPossible(" ".join(words))


def note(
    *, programme: Programme, provider_id: int, quarter: Quarter, words: str, by: Person
) -> ReturnNote:
    """Keep what a manager tells the programme's other managers about a provider's quarter."""
    may(Return(programme_id=programme.id, provider_id=provider_id), "accept", by=by)
    words = words.strip()
    if not words:
        raise NotRight("Write the note.", field="words")
    if len(words) > NOTE_LENGTH:
        raise NotRight(f"Keep this under {NOTE_LENGTH:,} characters.", field="words")
    if not is_expected(provider_id, programme.id, quarter):
        raise NotPossible("No return is expected of this provider for that quarter.")
    kept = ReturnNote(
        programme_id=programme.id,
        provider_id=provider_id,
        quarter=quarter,
        words=words,
        written_by_id=by.id,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def remind(*, programme: Programme, quarter: Quarter, by: Person) -> int:
    """Remind every provider whose return is not certified yet; how many. Those that nobody has
    started are opened."""
    reminded = 0
    for provider_id in sorted(expected([programme.id], [quarter])[programme.id, quarter]):
        return_ = find_return(provider_id, programme.id, quarter) or open_return(
            provider_id=provider_id, programme=programme, quarter=quarter, by=by
        )
        if why_not(return_, row_for(return_, "remind")) is None:
            take(return_, "remind", by=by)
            reminded += 1
    if not reminded:
        raise NotPossible("Every return of this quarter is certified: there is nobody to remind.")
    return reminded


def certify(
    return_: Return, *, choices: settling.Choices | None = None, by: Person, reason: str = ""
) -> ReturnVersion:
    """Certify the return as the records and its words stand now, and keep that for good.

    `choices` say what becomes of days that were committed in the quarter and not given.
    """
    _hold_for_certifying(return_)
    _check_certify(return_, by=by)
    due, chosen = settling.due_in(return_), choices or {}
    settling.check(due, chosen)
    content = content_now(return_, settling.as_content(due, chosen))
    last = last_version(return_)
    number, seal = last.number + 1 if last else 1, sha256_of(content)
    take(return_, "certify", by=by, reason=reason, detail=f"version {number}, {seal}")
    settling.settle(return_, due, chosen, by=by)
    return _keep(return_, content, by=by)


def _keep(return_: Return, content: dict[str, Any], *, by: Person) -> ReturnVersion:
    """Keep a return's whole content for good, as its next version."""
    last = last_version(return_)
    version = ReturnVersion(
        number=last.number + 1 if last else 1,
        content=content,
        sha256=sha256_of(content),
        certified_by_id=by.id,
    )
    return_.versions.append(version)
    db.session.flush()
    return version


def _hold_for_certifying(return_: Return) -> None:
    """Hold, in this order as everywhere: its partnerships, the provider's days, the return."""
    settling.hold(return_)
    ledger.lock([ledger.capacity_of(return_.provider_id, return_.programme).id])
    lock(return_)


def _check_certify(return_: Return, *, by: Person) -> None:
    """Whether it may be certified at all, before anything is asked about its days."""
    may(return_, "certify", by=by)
    _check_blocks(return_, "certify")


def freeze(*, programme: Programme, quarter: Quarter, by: Person) -> Freeze:
    """Freeze a programme's quarter once: its returns' latest versions, and who is missing.

    Nothing is frozen unless the totals agree (DoesNotAddUp).
    """
    _hold_quarter(programme, quarter)
    taken = preview(programme, quarter)
    if taken.why_not:
        raise NotPossible(taken.why_not)
    frozen = Freeze(
        programme_id=programme.id,
        quarter=quarter,
        frozen_by_id=by.id,
        missing=[missing.as_content() for missing in taken.missing],
        versions=[FrozenVersion(version=version) for version in taken.versions],
    )
    totals_of(frozen)
    start(frozen, "freeze", by=by)
    return frozen


def _hold_quarter(programme: Programme, quarter: Quarter) -> None:
    """Hold the programme, its capacities and its returns: nothing moves while it is frozen."""
    lock(programme)
    ledger.lock(db.session.scalars(select(Capacity.id).filter_by(programme_id=programme.id)))
    held = select(Return).filter_by(programme_id=programme.id, quarter=quarter)
    held = held.order_by(Return.id).with_for_update(of=Return)
    db.session.scalars(held.execution_options(populate_existing=True)).unique().all()
