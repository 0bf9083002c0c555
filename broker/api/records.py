"""What the API reads: each resource's records in the order of their numbers, from one programme.

What stands here is what the screen and the pack show to the programme's managers. The number of
questions does not depend on how many records are read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import lazyload

from broker.clock import Quarter
from broker.db import db
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.models.return_ import Return, ReturnState, ReturnVersion
from broker.packs.content import Part
from broker.partnerships.queries import Listed, listed_with_days
from broker.prospectus import faces
from broker.prospectus.cards import Card, cards_of
from broker.prospectus.queries import candidates, places
from broker.returns.content import figures_in
from broker.returns.figures import Figures
from broker.returns.given import given_in


@dataclass(frozen=True)
class Asked:
    """Up to `limit` records after the one numbered `after`, or `only` one. Of a programme, unless
    the resource is public."""

    limit: int = 1
    after: int = 0
    only: int | None = None
    programme_id: int | None = None
    quarter: Quarter | None = None
    partnership: int | None = None


@dataclass(frozen=True)
class Reported:
    """A provider's return: figures and words are those of its last certified version, if any."""

    return_: Return
    part: Part


def offers(asked: Asked) -> list[Card]:
    """Published offers, as the prospectus shows them."""
    ahead = [
        face
        for face in faces.published()
        if face.offer_id > asked.after and asked.only in (None, face.offer_id)
    ]
    return cards_of(candidates(ahead[: asked.limit], places()))


def days(asked: Asked) -> list[SupportDay]:
    """Days that a pack counts or names as queried: all but void ones."""
    known = select(SupportDay).options(lazyload(SupportDay.logged_by))
    known = known.join(Partnership, Partnership.id == SupportDay.partnership_id)
    known = known.where(
        Partnership.programme_id == asked.programme_id, SupportDay.state != SupportDayState.VOID
    )
    if asked.quarter is not None:
        known = known.where(given_in(asked.quarter))
    if asked.partnership is not None:
        known = known.where(SupportDay.partnership_id == asked.partnership)
    return _page(known, SupportDay, asked)


def partnerships(asked: Asked) -> list[Listed]:
    """Partnerships with their days of all quarters together."""
    known = select(Partnership).where(Partnership.programme_id == asked.programme_id)
    return listed_with_days(_page(known, Partnership, asked))


def returns(asked: Asked) -> list[Reported]:
    """Returns; of one that no director has certified, where it stands and nothing else."""
    known = select(Return).where(
        Return.programme_id == asked.programme_id, Return.state != ReturnState.JOINED
    )
    if asked.quarter is not None:
        known = known.where(Return.quarter == asked.quarter)
    found = _page(known, Return, asked)
    certified = _last_versions([one.id for one in found])
    return [Reported(one, _part(one, certified.get(one.id))) for one in found]


def _page(known: Select[Any], noun: Any, asked: Asked) -> list[Any]:
    ahead = known.where(noun.id > asked.after)
    if asked.only is not None:
        ahead = ahead.where(noun.id == asked.only)
    return list(db.session.scalars(ahead.order_by(noun.id).limit(asked.limit)).unique())


def _last_versions(return_ids: Collection[int]) -> dict[int, ReturnVersion]:
    """Return's id → its last certified version."""
    numbers = (
        select(ReturnVersion.return_id, func.max(ReturnVersion.number).label("number"))
        .where(ReturnVersion.return_id.in_(return_ids))
        .group_by(ReturnVersion.return_id)
        .subquery()
    )
    is_last = and_(
        ReturnVersion.return_id == numbers.c.return_id, ReturnVersion.number == numbers.c.number
    )
    last = select(ReturnVersion).join(numbers, is_last)
    return {version.return_id: version for version in db.session.scalars(last)}


def _part(return_: Return, version: ReturnVersion | None) -> Part:
    provider = return_.provider
    return Part(
        code=provider.code,
        name=provider.name,
        region=provider.region.name,
        state=return_.state.value.replace("_", " "),
        figures=figures_in(version) if version else Figures(),
        certified=version,
    )
