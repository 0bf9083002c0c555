"""What people do with returns, and freezing a programme's quarter."""

from __future__ import annotations

from sqlalchemy import select

from broker import clock, ledger
from broker.clock import Quarter
from broker.db import db
from broker.errors import NotPossible, NotRight
from broker.models.ledger import Capacity
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.return_ import Freeze, FrozenVersion, Return, ReturnVersion
from broker.returns import settling
from broker.returns.content import content_of, sha256_of
from broker.returns.expected import expected, is_expected, programmes_with_returns
from broker.returns.figures import figures_of
from broker.returns.freezing import preview
from broker.returns.queries import last_version, previous
from broker.returns.totals import totals_of
from broker.taking import lock, may, row_for, start, take, why_not

WORDS_LENGTH = 10_000


def open_return(*, provider_id: int, programme: Programme, quarter: Quarter, by: Person) -> Return:
    """Start a provider's return for a quarter that is over; the one there is, if there is one.

    The words of its last return come along, to be put right.
    """
    may(Return(provider_id=provider_id), "start", by=by)
    _check_expected(provider_id, programme, quarter)
    ledger.lock([ledger.capacity_of(provider_id, programme).id])
    if found := find_return(provider_id, programme.id, quarter):
        return found
    earlier = previous(provider_id, programme.id, quarter)
    opened = Return(
        provider_id=provider_id,
        programme_id=programme.id,
        quarter=quarter,
        outcomes=earlier.outcomes if earlier else "",
        priorities=earlier.priorities if earlier else "",
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
        open_return(provider_id=provider_id, programme=programme, quarter=quarter, by=by)
        for provider_id, programme in due
    ]


def write(return_: Return, *, outcomes: str, priorities: str, by: Person) -> None:
    """Write what changed, and what comes next."""
    for name, text in (("outcomes", outcomes), ("priorities", priorities)):
        if len(text) > WORDS_LENGTH:
            raise NotRight(f"Keep this under {WORDS_LENGTH:,} characters.", field=name)
    take(return_, "write", by=by)
    return_.outcomes, return_.priorities = outcomes.strip(), priorities.strip()
    db.session.flush()


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
    figures = figures_of(return_.provider_id, return_.programme_id, return_.quarter)
    content = content_of(return_, figures, settling.as_content(due, chosen))
    last = last_version(return_)
    version = ReturnVersion(
        number=last.number + 1 if last else 1,
        content=content,
        sha256=sha256_of(content),
        certified_by_id=by.id,
    )
    detail = f"version {version.number}, {version.sha256}"
    take(return_, "certify", by=by, reason=reason, detail=detail)
    settling.settle(return_, due, chosen, by=by)
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
    if said := why_not(return_, row_for(return_, "certify")):
        raise NotPossible(said)


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
