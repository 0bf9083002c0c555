"""What a match's terms say, as plain values: read from a match, checked, written, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from broker.clock import Quarter
from broker.days import format_days
from broker.db import db
from broker.errors import NotRight
from broker.models.match import Match, MatchDays, MatchLead
from broker.models.need import Need
from broker.models.offer import Delivery, OfferVersion

TEXT_LENGTH = 2000
LEAD_LENGTH = 120


@dataclass(frozen=True)
class Terms:
    """Days are quarter-days. `leads`: a theme's id to (the receiver's lead, the provider's)."""

    days: Mapping[Quarter, int]
    aims: str
    boundaries: str = ""
    delivery: Delivery = Delivery.EITHER
    leads: Mapping[int, tuple[str, str]] | None = None


def terms_of(match: Match) -> Terms:
    return Terms(
        days={row.quarter: row.quarter_days for row in match.days},
        aims=match.aims,
        boundaries=match.boundaries,
        delivery=match.delivery,
        leads={lead.theme_id: (lead.receiver_lead, lead.provider_lead) for lead in match.leads},
    )


def check(terms: Terms, most: int) -> None:
    """NotRight where terms do not hold; `most`: the quarter-days that the offer is for."""
    if not any(terms.days.values()):
        raise NotRight("Put days in at least one quarter.")
    if sum(terms.days.values()) > most:
        raise NotRight(f"This offer is for at most {format_days(most)} in one partnership.")
    for name in ("aims", "boundaries"):
        if len(getattr(terms, name).strip()) > TEXT_LENGTH:
            raise NotRight(f"Keep this to {TEXT_LENGTH:,} characters.", name)
    if any(
        len(lead.strip()) > LEAD_LENGTH for pair in (terms.leads or {}).values() for lead in pair
    ):
        raise NotRight(f"Keep each lead to {LEAD_LENGTH} characters.")


def write(match: Match, terms: Terms) -> None:
    """Make a match's terms say this."""
    match.days.clear()
    db.session.flush()
    put_days(match, terms.days)
    match.aims, match.boundaries = terms.aims.strip(), terms.boundaries.strip()
    match.delivery = terms.delivery
    for lead in match.leads:
        now = (lead.receiver_lead, lead.provider_lead)
        receiver, provider = (terms.leads or {}).get(lead.theme_id, now)
        lead.receiver_lead, lead.provider_lead = receiver.strip(), provider.strip()
    db.session.flush()


def put_days(match: Match, days: Mapping[Quarter, int]) -> None:
    match.days = [
        MatchDays(quarter=quarter, quarter_days=days[quarter])
        for quarter in sorted(days)
        if days[quarter]
    ]


def carry_forward(match: Match, need: Need, version: OfferVersion) -> None:
    """What the need and the offer say already: aims, how it is given, who leads on each theme."""
    match.aims = need.change_wanted
    either = need.delivery is Delivery.EITHER and version.delivery is not None
    match.delivery = version.delivery if either and version.delivery else need.delivery
    offered = {row.theme_id for row in version.themes}
    shared = [row for row in need.themes if row.theme_id in offered] or need.themes
    held = version.lead.memberships if version.lead else []
    provider_lead = next((one.role.words for one in held), "")
    match.leads = [
        MatchLead(
            theme=row.theme,
            position=position,
            receiver_lead=row.counterpart,
            provider_lead=provider_lead,
        )
        for position, row in enumerate(shared, start=1)
    ]


def reshaped(terms: Terms, *, total: int, start: Quarter) -> Terms:
    """The same terms with other days in all and another first quarter; the shape stays.

    Whole quarter-days by largest remainder, earlier quarters first; the sum is exact.
    """
    quarters = sorted(quarter for quarter, days in terms.days.items() if days)
    if not quarters:
        return replace(terms, days={start: total})
    whole, first = sum(terms.days.values()), quarters[0]
    exact = {q: terms.days[q] * total for q in quarters}
    shares = {q: amount // whole for q, amount in exact.items()}
    left = total - sum(shares.values())
    for quarter in sorted(quarters, key=lambda q: (-(exact[q] % whole), q))[:left]:
        shares[quarter] += 1
    moved = {start + (q.ordinal - first.ordinal): days for q, days in shares.items() if days}
    return replace(terms, days=moved)


def in_words(match: Match) -> str:
    """The days of the terms as they stand, for the history."""
    return "; ".join(f"{row.quarter}: {format_days(row.quarter_days)}" for row in match.days)
