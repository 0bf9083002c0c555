"""What freezing a programme's quarter would take, before it is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Authority
from broker.models.programme import Programme
from broker.models.return_ import Freeze, Return, ReturnState, ReturnVersion
from broker.returns.expected import expected
from broker.returns.queries import FINISHED

NOT_STARTED = "not started"


@dataclass(frozen=True)
class Missing:
    """A provider whose return is expected and was never certified."""

    code: str
    name: str
    region: str
    state: str

    def as_content(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Preview:
    """Which versions a freeze takes, which of those are being changed, and who is missing."""

    versions: list[ReturnVersion]
    being_changed: list[ReturnVersion]
    missing: list[Missing]
    why_not: str | None


def preview(programme: Programme, quarter: Quarter) -> Preview:
    """What a freeze would take now, by the providers' names."""
    returns = _returns(programme, quarter)
    versions = [return_.versions[-1] for return_ in returns if return_.versions]
    return Preview(
        versions=versions,
        being_changed=[v for v in versions if v.return_.state not in FINISHED],
        missing=_missing(programme, quarter, returns),
        why_not=why_not_freeze(programme, quarter),
    )


def _returns(programme: Programme, quarter: Quarter) -> list[Return]:
    known = select(Return).filter_by(programme_id=programme.id, quarter=quarter)
    known = known.where(Return.state != ReturnState.JOINED)
    known = known.options(selectinload(Return.versions))
    return sorted(db.session.scalars(known).unique(), key=lambda r: (r.provider.name, r.id))


def _missing(programme: Programme, quarter: Quarter, returns: list[Return]) -> list[Missing]:
    started = {return_.provider_id for return_ in returns}
    wanted = expected([programme.id], [quarter])[programme.id, quarter] - started
    silent = select(Authority).where(Authority.id.in_(wanted))
    found = [_missing_one(one, NOT_STARTED) for one in db.session.scalars(silent).unique()]
    found += [_missing_one(r.provider, _words(r.state)) for r in returns if not r.versions]
    return sorted(found, key=lambda missing: (missing.name, missing.code))


def _missing_one(provider: Authority, state: str) -> Missing:
    return Missing(provider.code, provider.name, provider.region.name, state)


def _words(state: ReturnState) -> str:
    return state.value.replace("_", " ")


def why_not_freeze(programme: Programme, quarter: Quarter) -> str | None:
    """Why a quarter cannot be frozen now, in words; None when it can."""
    if not programme.policy.has_returns:
        return f"{programme.name} asks for no returns, so there is nothing to freeze."
    opens = clock.return_opens(quarter)
    if clock.today() < opens:
        return f"{quarter} is not over. It can be frozen from {opens.day} {opens:%B %Y}."
    if freeze_of(programme.id, quarter) is not None:
        return f"{programme.name}, {quarter} is frozen already. A quarter freezes once."
    return None


def freeze_of(programme_id: int, quarter: Quarter) -> Freeze | None:
    known = select(Freeze).filter_by(programme_id=programme_id, quarter=quarter)
    return db.session.scalars(known).unique().one_or_none()
