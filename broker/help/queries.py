"""Everybody who helps one authority: partnerships, what is agreed, and help from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from broker.balances import balances_of_matches
from broker.clock import Quarter, coming_quarters
from broker.db import db
from broker.models.authority import Authority
from broker.models.help import JointQuarter, LiveHelp, LiveHelpState
from broker.models.match import Match, MatchState
from broker.models.need import Need
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership
from broker.models.person import Person
from broker.models.programme import Theme
from broker.sights import help_read_by

CROWDED_ABOVE = 3
QUARTERS_SHOWN = 4
TO_COME = (MatchState.AGREED, MatchState.WITH_PANEL)


@dataclass(frozen=True)
class Helper:
    """One helper of an authority. `days` are quarter-days by quarter: committed, reserved, said.

    `kind` is 'partnership', 'match' (agreed, not approved yet) or 'elsewhere'; `record_id` its
    partnership, match or live help.
    """

    name: str
    kind: str
    record_id: int
    themes: tuple[Theme, ...]
    leads: tuple[str, ...]
    what: str
    days: dict[Quarter, int]
    need_id: int | None = None

    @property
    def is_live(self) -> bool:
        return self.kind != "match"


@dataclass(frozen=True)
class Overlap:
    """A theme on which more than one helper works."""

    theme: Theme
    helpers: tuple[str, ...]


@dataclass(frozen=True)
class Everyone:
    """All who help an authority, its joint plan of the coming quarters, and what to look at."""

    helpers: list[Helper]
    quarters: list[Quarter]
    aims: dict[Quarter, str]

    @property
    def live(self) -> list[Helper]:
        return [helper for helper in self.helpers if helper.is_live]

    @property
    def overlaps(self) -> list[Overlap]:
        return overlaps_among(self.helpers)

    @property
    def is_crowded(self) -> bool:
        return len(self.live) > CROWDED_ABOVE

    def total_in(self, quarter: Quarter) -> int:
        return sum(helper.days.get(quarter, 0) for helper in self.helpers)


def authorities_read_by(person: Person | None) -> Select[Authority]:
    """The authorities of which a person may read who helps them."""
    return select(Authority).where(help_read_by(person))


def live_help_of(receiver_id: int) -> Select[LiveHelp]:
    return select(LiveHelp).filter_by(receiver_id=receiver_id)


def everyone_helping(receiver: Authority) -> Everyone:
    """The number of questions does not grow with the helpers."""
    quarters = coming_quarters(QUARTERS_SHOWN)
    said = select(JointQuarter).filter_by(receiver_id=receiver.id)
    aims = {row.quarter: row.aim for row in db.session.scalars(said)}
    return Everyone(helpers_of([receiver.id])[receiver.id], quarters, aims)


def helpers_of(receiver_ids: Iterable[int]) -> dict[int, list[Helper]]:
    """Everybody who helps each of some authorities now, or is agreed to."""
    ids = set(receiver_ids)
    found: dict[int, list[Helper]] = {one: [] for one in ids}
    matches = _matches(ids)
    held = balances_of_matches(match.id for match, _ in matches)
    for match, partnership in matches:
        days = {quarter: b.committed + b.reserved for quarter, b in held[match.id].items()}
        found[match.receiver_id].append(_of_match(match, partnership, days))
    running = select(LiveHelp).where(
        LiveHelp.receiver_id.in_(ids), LiveHelp.state == LiveHelpState.RUNNING
    )
    for live in db.session.scalars(running.order_by(LiveHelp.id)).unique():
        found[live.receiver_id].append(_from_elsewhere(live))
    return found


def _matches(receiver_ids: set[int]) -> Sequence[tuple[Match, Partnership | None]]:
    wanted = (
        select(Match, Partnership)
        .outerjoin(Partnership, Partnership.match_id == Match.id)
        .where(
            Match.receiver_id.in_(receiver_ids),
            Match.state.in_(TO_COME) | Partnership.state.in_(PARTNERSHIPS_LIVE),
        )
        .options(selectinload(Match.leads), selectinload(Match.need).selectinload(Need.themes))
        .order_by(Match.id)
    )
    return [(match, partnership) for match, partnership in db.session.execute(wanted).unique()]


def _of_match(match: Match, partnership: Partnership | None, days: dict[Quarter, int]) -> Helper:
    rows = [(lead.theme, lead) for lead in match.leads]
    leads = (f"{lead.receiver_lead} with {lead.provider_lead}" for _, lead in rows
             if lead.receiver_lead and lead.provider_lead)  # fmt: skip
    themes = [theme for theme, _ in rows] or [row.theme for row in match.need.themes]
    return Helper(
        name=match.provider.name,
        kind="partnership" if partnership else "match",
        record_id=partnership.id if partnership else match.id,
        themes=tuple(themes),
        leads=tuple(leads),
        what=match.programme.name,
        days=days,
        need_id=match.need_id,
    )


def _from_elsewhere(live: LiveHelp) -> Helper:
    return Helper(
        name=live.helper,
        kind="elsewhere",
        record_id=live.id,
        themes=(live.theme,),
        leads=(),
        what=live.what,
        days={quarter: live.days_in(quarter) for quarter in coming_quarters(QUARTERS_SHOWN)},
    )


def overlaps_among(helpers: Sequence[Helper]) -> list[Overlap]:
    """The themes on which more than one of some helpers works, in the order of themes."""
    by_theme: dict[Theme, list[str]] = defaultdict(list)
    for helper in helpers:
        for theme in helper.themes:
            by_theme[theme].append(helper.name)
    shared = [(theme, names) for theme, names in by_theme.items() if len(names) > 1]
    ordered = sorted(shared, key=lambda pair: pair[0].position)
    return [Overlap(theme, tuple(names)) for theme, names in ordered]


def warnings_about(need: Need) -> list[str]:
    """What the authority should know of its other help before this need goes on."""
    helpers = helpers_of([need.receiver_id])[need.receiver_id]
    live = [helper for helper in helpers if helper.is_live]
    said = []
    if len(live) > CROWDED_ABOVE:
        said.append(
            f"{len(live)} helpers work with {need.receiver.name} already. More than "
            f"{CROWDED_ABOVE} crowd each other."
        )
    wanted = {row.theme_id for row in need.themes}
    for helper in helpers:
        said += [
            f"{helper.name} {'works' if helper.is_live else 'is agreed to work'} on {theme.name} "
            f"already."
            for theme in helper.themes
            if theme.id in wanted and helper.need_id != need.id
        ]
    return said
