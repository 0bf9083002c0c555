"""What a dashboard counts: conditions on rows, each no wider than what the person may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from broker import sights
from broker.dashboards.seats import Chosen
from broker.models.authority import Authority
from broker.models.ledger import Capacity
from broker.models.match import Match
from broker.models.need import Need, NeedState, NeedTheme
from broker.models.partnership import Partnership
from broker.models.person import Person, Role

Condition = ColumnElement[bool]
Id = InstrumentedAttribute[int] | ColumnElement[int]
UNTOLD = (NeedState.PRIVATE, NeedState.IN_CONFIDENCE)


def needs_counted(person: Person, chosen: Chosen) -> Condition:
    """Needs that were submitted, for a coordinator; that were opened, for anybody else. What is
    private or shared in confidence is in no figure, whoever looks."""
    is_coordinator = chosen.seat.role is Role.COORDINATOR
    told = or_(Need.submitted_at.is_not(None), Need.opened_at.is_not(None))
    opened = and_(Need.opened_at.is_not(None), Need.state != NeedState.SUBMITTED)
    return and_(
        sights.needs_seen_by(person),
        Need.state.not_in(UNTOLD),
        told if is_coordinator else opened,
        of_programme(Need.programme_id, chosen),
        _region(Need.receiver_id, chosen),
        _puts_first(Need.id, chosen),
    )


def partnerships_counted(person: Person, chosen: Chosen) -> Condition:
    """Partnerships whose receiver is in the region, or that the programme has."""
    need = select(Match.need_id).where(Match.id == Partnership.match_id).scalar_subquery()
    return and_(
        sights.partnerships_seen_by(person),
        of_programme(Partnership.programme_id, chosen),
        _region(Partnership.receiver_id, chosen),
        _puts_first(need, chosen),
    )


def capacities_counted(chosen: Chosen) -> Select[int, int]:
    """The ids of capacities of the region's providers, or of the programme, and whose they are.
    They are shown as sums; one by one to the programme's managers alone."""
    return select(Capacity.id, Capacity.provider_id).where(
        of_programme(Capacity.programme_id, chosen), _region(Capacity.provider_id, chosen)
    )


def of_programme(column: Id, chosen: Chosen) -> Condition:
    return true() if chosen.programme_id is None else column == chosen.programme_id


def _region(authority_id: Id, chosen: Chosen) -> Condition:
    if chosen.region_id is None:
        return true()
    return authority_id.in_(select(Authority.id).where(Authority.region_id == chosen.region_id))


def _puts_first(need_id: Id, chosen: Chosen) -> Condition:
    """The theme that a need puts first is the one chosen: as return packs part days by theme."""
    if chosen.theme_id is None:
        return true()
    first = NeedTheme.position == 1
    about = select(NeedTheme.need_id).where(NeedTheme.theme_id == chosen.theme_id, first)
    return need_id.in_(about)
