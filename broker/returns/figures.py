"""The figures of a return: their one definition, for the screen, the certified content and CSV.

All amounts are whole quarter-days (broker/returns/given.py). Adjustments of earlier quarters stand
apart from the quarter's own total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from broker.balances import SUMS
from broker.clock import LONDON, Quarter
from broker.db import db
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.match import Match
from broker.models.need import NeedTheme, need_choice
from broker.models.offer import Offer, OfferState
from broker.models.partnership import Partnership, SupportDay
from broker.models.programme import Choice, Theme
from broker.returns.adjustments import Adjustment, adjustments
from broker.returns.answered import Answered, answered_by
from broker.returns.given import Days, days_given, given_in, of_provider, total


@dataclass(frozen=True)
class Line:
    """What one receiver was given in the quarter, in which partnerships (id and title)."""

    code: str
    name: str
    region: str
    days: Days
    partnerships: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Part:
    """The days of the partnerships whose need puts a theme first, or names these support types.
    A day counts in one part, and the parts make the total."""

    code: str
    name: str
    days: Days


@dataclass(frozen=True)
class Figures:
    """A provider's quarter in a programme. `themes` and `types` are None in versions certified
    before returns kept them; else their days make the total too. `adjustments` are not in it.

    `committed`: quarter-days that the ledger holds committed in the quarter (before a certified
    return carries or releases any). `asked` and `answered` count feedback up to the quarter's end.
    """

    lines: tuple[Line, ...] = ()
    partnerships_live: int = 0
    offers_published: int = 0
    total: Days = field(default_factory=Days)
    themes: tuple[Part, ...] | None = None
    types: tuple[Part, ...] | None = None
    adjustments: tuple[Adjustment, ...] = ()
    committed: int = 0
    asked: int = 0
    answered: int = 0

    @property
    def adjusted(self) -> Days:
        return total(one.days for one in self.adjustments)

    @property
    def is_nil(self) -> bool:
        return not self.lines and not self.adjustments

    def as_content(self) -> dict[str, Any]:
        """Plain values, as they stand in a certified version."""
        return asdict(self)

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Figures:
        """The figures of a certified version."""
        lines = (
            Line(
                **{**line, "days": Days(**line["days"])}
                | {"partnerships": tuple((id_, title) for id_, title in line["partnerships"])}
            )
            for line in content["lines"]
        )
        late = tuple(Adjustment.from_content(one) for one in content.get("adjustments", ()))
        whole = {
            "lines": tuple(lines),
            "total": Days(**content["total"]),
            "themes": _parts_in(content, "themes"),
            "types": _parts_in(content, "types"),
            "adjustments": late,
        }
        return cls(**{**content, **whole})


def _parts_in(content: dict[str, Any], name: str) -> tuple[Part, ...] | None:
    kept = content.get(name)
    if kept is None:
        return None
    return tuple(Part(**{**one, "days": Days(**one["days"])}) for one in kept)


def figures_of(provider_id: int, programme_id: int, quarter: Quarter) -> Figures:
    """Build a provider's figures from the records as they stand now."""
    found = figures_by_provider(programme_id, quarter, only=provider_id)
    return found.get(provider_id) or Figures(themes=(), types=())


def figures_by_provider(
    programme_id: int, quarter: Quarter, *, only: int | None = None
) -> dict[int, Figures]:
    """Every provider's figures in a programme's quarter (or one provider's), in fifteen questions
    at most.

    Providers with no partnership, day, adjustment, committed day or offer in it are left out.
    """
    held = _partnerships(quarter, programme_id, only)
    behind = _Behind(
        themes=_first_themes(held),
        types=_support_types(held),
        offers=_offers_published(quarter, programme_id, only),
        late=adjustments(programme_id, quarter, only=only),
        committed=_committed(quarter, programme_id, only),
        answers=answered_by([one.partnership.id for one in held], bounds(quarter)[1]),
    )
    by_provider: dict[int, list[_Held]] = {id_: [] for id_ in behind.provider_ids}
    for one in held:
        by_provider.setdefault(one.partnership.provider_id, []).append(one)
    return {id_: _figures(id_, theirs, behind) for id_, theirs in by_provider.items()}


@dataclass(frozen=True)
class _Held:
    """A partnership that was live in the quarter, or has days in it."""

    partnership: Partnership
    is_live: bool
    days: Days


@dataclass(frozen=True)
class _Behind:
    """What figures are made of: themes and types by partnership, the rest by provider."""

    themes: dict[int, tuple[str, str]]
    types: dict[int, tuple[str, str]]
    offers: dict[int, int]
    late: dict[int, tuple[Adjustment, ...]]
    committed: dict[int, int]
    answers: Answered

    @property
    def provider_ids(self) -> set[int]:
        return {*self.offers, *self.late, *self.committed}


def _figures(provider_id: int, held: list[_Held], behind: _Behind) -> Figures:
    lines = _lines(held)
    answers = behind.answers.of([one.partnership.id for one in held])
    return Figures(
        lines=lines,
        partnerships_live=sum(one.is_live for one in held),
        offers_published=behind.offers.get(provider_id, 0),
        total=total(line.days for line in lines),
        themes=_parted(held, behind.themes),
        types=_parted(held, behind.types),
        adjustments=behind.late.get(provider_id, ()),
        committed=behind.committed.get(provider_id, 0),
        asked=len(answers.asked),
        answered=len(answers.answered),
    )


def bounds(quarter: Quarter) -> tuple[datetime, datetime]:
    """The moments at which a quarter begins and the next one does, in London."""
    first, last = quarter.first_day, quarter.last_day + timedelta(days=1)
    midnight = time()
    return datetime.combine(first, midnight, LONDON), datetime.combine(last, midnight, LONDON)


def were_live(first: Quarter, last: Quarter | None = None) -> ColumnElement[bool]:
    """Partnerships that were live on any day of a quarter, or of the quarters up to `last`."""
    begins, ends = bounds(first)[0], bounds(last or first)[1]
    return and_(
        Partnership.opened_at < ends,
        or_(Partnership.ended_at.is_(None), Partnership.ended_at >= begins),
    )


def published_by(quarter: Quarter, programme_id: int) -> ColumnElement[bool]:
    """Offers first published by the quarter's end and not withdrawn by then."""
    _, ends = bounds(quarter)
    return and_(
        Offer.programme_id == programme_id,
        Offer.published_at < ends,
        or_(Offer.state != OfferState.WITHDRAWN, Offer.state_since >= ends),
    )


def _partnerships(quarter: Quarter, programme_id: int, only: int | None) -> list[_Held]:
    """Partnerships that were live on any day of the quarter, and others with days in it."""
    was_live = were_live(quarter)
    amounts = days_given(programme_id, [quarter], only=only)
    has_days = Partnership.id.in_(select(SupportDay.partnership_id).where(given_in(quarter)))
    wanted = select(Partnership, was_live).where(
        Partnership.programme_id == programme_id, or_(was_live, has_days), of_provider(only)
    )
    rows = db.session.execute(wanted.order_by(Partnership.id)).unique()
    return [
        _Held(one, bool(is_live), amounts.get((quarter, one.id), Days())) for one, is_live in rows
    ]


def _first_themes(held: Sequence[_Held]) -> dict[int, tuple[str, str]]:
    """Code and name of the theme that each partnership's need puts first, by partnership."""
    firsts = (
        select(Partnership.id, Theme.code, Theme.name)
        .join(Match, Match.id == Partnership.match_id)
        .join(NeedTheme, NeedTheme.need_id == Match.need_id)
        .join(Theme, Theme.id == NeedTheme.theme_id)
        .where(Partnership.id.in_([one.partnership.id for one in held]))
        .order_by(NeedTheme.position.desc())
    )
    return {id_: (code, name) for id_, code, name in db.session.execute(firsts)}


NO_TYPE = ("", "Not said")


def _support_types(held: Sequence[_Held]) -> dict[int, tuple[str, str]]:
    """Codes and names of the support types that each partnership's need names, taken together."""
    ids = [one.partnership.id for one in held]
    named = (
        select(Partnership.id, Choice.code, Choice.name)
        .join(Match, Match.id == Partnership.match_id)
        .join(need_choice, need_choice.c.need_id == Match.need_id)
        .join(Choice, Choice.id == need_choice.c.choice_id)
        .where(Partnership.id.in_(ids), Choice.kind == "support_type")
        .order_by(Choice.position, Choice.id)
    )
    found: dict[int, tuple[str, str]] = {}
    for id_, code, name in db.session.execute(named):
        before = found.get(id_)
        found[id_] = (f"{before[0]}+{code}", f"{before[1]}, {name}") if before else (code, name)
    return {id_: found.get(id_, NO_TYPE) for id_ in ids}


def _parted(held: list[_Held], names: dict[int, tuple[str, str]]) -> tuple[Part, ...]:
    days: dict[tuple[str, str], Days] = {}
    for one in held:
        named = names[one.partnership.id]
        days[named] = days.get(named, Days()) + one.days
    made = (Part(code, name, amount) for (code, name), amount in days.items())
    return tuple(sorted(made, key=lambda one: (one.name, one.code)))


def _committed(quarter: Quarter, programme_id: int, only: int | None) -> dict[int, int]:
    """By provider, what the ledger holds committed in the quarter, where there is any."""
    committed = SUMS[2].element
    rows = (
        select(Capacity.provider_id, committed)
        .join(LedgerEntry, LedgerEntry.capacity_id == Capacity.id)
        .where(Capacity.programme_id == programme_id, LedgerEntry.quarter == quarter)
        .group_by(Capacity.provider_id)
        .having(committed > 0)
    )
    if only is not None:
        rows = rows.where(Capacity.provider_id == only)
    return {provider_id: int(days) for provider_id, days in db.session.execute(rows)}


def _lines(held: list[_Held]) -> tuple[Line, ...]:
    """One line per receiver with a live partnership or with days, by name."""
    by_receiver: dict[int, list[_Held]] = {}
    for one in held:
        by_receiver.setdefault(one.partnership.receiver_id, []).append(one)
    lines = (_line(theirs) for theirs in by_receiver.values())
    return tuple(sorted(lines, key=lambda line: (line.name, line.code)))


def _line(held: list[_Held]) -> Line:
    receiver = held[0].partnership.receiver
    return Line(
        code=receiver.code,
        name=receiver.name,
        region=receiver.region.name,
        days=total(one.days for one in held),
        partnerships=tuple((one.partnership.id, one.partnership.title) for one in held),
    )


def _offers_published(quarter: Quarter, programme_id: int, only: int | None) -> dict[int, int]:
    published = select(Offer.provider_id, func.count(Offer.id)).where(
        published_by(quarter, programme_id)
    )
    if only is not None:
        published = published.where(Offer.provider_id == only)
    rows = db.session.execute(published.group_by(Offer.provider_id))
    return {row[0]: row[1] for row in rows}
