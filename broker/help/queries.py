"""Everybody who helps one authority: partnerships, what is agreed, and help from elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
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
from broker.models.person import Person, Role
from broker.models.programme import Theme
from broker.permissions import RECEIVING
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
    def live(self) -> int:
        return live_among(self.helpers)

    @property
    def overlaps(self) -> list[Overlap]:
        return overlaps_among(self.helpers)

    @property
    def is_crowded(self) -> bool:
        return self.live > CROWDED_ABOVE

    def coming_in(self, quarter: Quarter) -> dict[str, int]:
        """Quarter-days by helper's name, where there are any."""
        days: dict[str, int] = {}
        for helper in self.helpers:
            if amount := helper.days.get(quarter):
                days[helper.name] = days.get(helper.name, 0) + amount
        return days

    def total_in(self, quarter: Quarter) -> int:
        return sum(helper.days.get(quarter, 0) for helper in self.helpers)


def authorities_read_by(person: Person | None) -> Select[Authority]:
    """The authorities of which a person may read who helps them."""
    return select(Authority).where(help_read_by(person))


def is_inside(person: Person, receiver: Authority) -> bool:
    """Of the authority, or a coordinator of its region: may open what the page speaks of."""
    own = person.at(receiver.id, *RECEIVING) is not None
    return own or person.in_region(receiver.region_id, Role.COORDINATOR) is not None


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
    """The themes on which more than one of some helpers works, in the order of themes. Who helps
    twice is one helper."""
    by_theme: dict[Theme, dict[str, None]] = defaultdict(dict)
    for helper in helpers:
        for theme in helper.themes:
            by_theme[theme][helper.name] = None
    shared = [(theme, names) for theme, names in by_theme.items() if len(names) > 1]
    ordered = sorted(shared, key=lambda pair: pair[0].position)
    return [Overlap(theme, tuple(names)) for theme, names in ordered]


def live_among(helpers: Iterable[Helper]) -> int:
    """How many work with the authority now; who helps twice is one helper."""
    return len({helper.name for helper in helpers if helper.is_live})


def working_on(themes: Collection[int], helpers: Iterable[Helper]) -> list[str]:
    """Who works already on one of some themes (ids), in words, each said once."""
    said = (
        f"{helper.name} {'works' if helper.is_live else 'is agreed to work'} on {theme.name} "
        f"already."
        for helper in helpers
        for theme in helper.themes
        if theme.id in themes
    )
    return list(dict.fromkeys(said))


def warnings_about(need: Need) -> list[str]:
    """What the authority should know of its other help before this need goes on."""
    helpers = helpers_of([need.receiver_id])[need.receiver_id]
    live = live_among(helpers)
    crowded = (
        f"{live} helpers work with {need.receiver.name} already. More than {CROWDED_ABOVE} crowd "
        f"each other."
    )
    others = [helper for helper in helpers if helper.need_id != need.id]
    overlapping = working_on({row.theme_id for row in need.themes}, others)
    return [crowded, *overlapping] if live > CROWDED_ABOVE else overlapping
