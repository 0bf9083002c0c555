"""The tables of dashboards: the same on the page, in the file, and in the printed columns."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from broker.dashboards.needs import Gap, Stage
from broker.dashboards.said import Said
from broker.dashboards.support import Between, Flow, Held, Phase, Shares
from broker.dashboards.waits import Wait
from broker.exports.tables import Column, Table, as_days
from broker.grants.queries import Account
from broker.health.temperature import Temperature
from broker.returns.given import Days

C = Column


def _given(of: Callable[[Any], Days], after: str = "") -> tuple[Column[Any], ...]:
    said = {
        "confirmed": "Days given in the quarters chosen that both sides confirmed.",
        "unconfirmed": "Days that one side logged and the other has not confirmed.",
        "queried": "Days that the other side queries; in none of the other columns.",
    }
    return tuple(_amount(name, words, of, after) for name, words in said.items())


def _amount(name: str, words: str, of: Callable[[Any], Days], after: str) -> Column[Any]:
    return C(f"days_{name}{after}", words, lambda row: as_days(getattr(of(row), name)))


NEEDS: Table[Stage] = Table(
    "needs-by-stage",
    "needs in one state today, private ones and those shared in confidence left out",
    (
        C("state", "Where they stand.", lambda row: row.state.value.replace("_", " ")),
        C("needs", "How many.", lambda row: len(row.days)),
        C("under_4_weeks", "Of those, for less than 28 days.", lambda row: row.ages[0]),
        C("from_4_to_12_weeks", "For 28 to 83 days.", lambda row: row.ages[1]),
        C("over_12_weeks", "For 84 days or longer.", lambda row: row.ages[2]),
        C("median_days", "The middle one's days in that state.", lambda row: row.median_days),
        C("longest_days", "The longest's.", lambda row: max(row.days, default=None)),
    ),
)
HELD: tuple[Column[Held], ...] = (
    C("offered", "Confirmed days, funded or the provider's own.", lambda row: as_days(row.offered)),
    C("free", "Days still free; none in quarters that are over.", lambda row: as_days(row.free)),
    C("reserved", "Days that agreed matches hold.", lambda row: as_days(row.reserved)),
    C("committed", "Days of approved matches.", lambda row: as_days(row.committed)),
    C("delivered", "Days given, as the ledger counts them.", lambda row: as_days(row.delivered)),
)
DAYS_BY_QUARTER: Table[Held] = Table(
    "days-by-quarter",
    "a quarter of the providers of the region, or of the programme",
    (C("quarter", "The quarter.", lambda row: row.name), *HELD),
)
DAYS_BY_REGION: Table[Held] = Table(
    "days-by-region",
    "the providers of one region in the quarters chosen; for programme managers",
    (C("region", "Where the providers are.", lambda row: row.name), *HELD),
)
DAYS_BY_PROVIDER: Table[Held] = Table(
    "days-by-provider",
    "a provider in the quarters chosen; for programme managers",
    (
        C("provider_code", "ONS code of the provider.", lambda row: row.code),
        C("provider", "The giving authority.", lambda row: row.name),
        *HELD,
    ),
)
SUPPORT_MAP: Table[Shares] = Table(
    "support-map",
    "an authority that gives or receives help in partnerships of the quarters chosen",
    (
        C("authority", "Its name.", lambda row: row.place.name),
        C("code", "Its ONS code.", lambda row: row.place.code),
        C("region", "Its region.", lambda row: row.place.region),
        C("gives_in", "Partnerships in which it gives.", lambda row: row.gives),
        C("days_given", "Days it gave, queried ones left out.", lambda r: as_days(r.given.counted)),
        C("receives_in", "Partnerships in which it receives.", lambda row: row.receives),
        C(
            "days_received",
            "Days it was given, queried ones left out.",
            lambda row: as_days(row.received.counted),
        ),
    ),
)
PAIRS: Table[Flow] = Table(
    "who-gives-to-whom",
    "a provider and a receiver with a partnership, or with days, in the quarters chosen",
    (
        C("provider", "The giving authority.", lambda row: row.giver.name),
        C("provider_code", "Its ONS code.", lambda row: row.giver.code),
        C("provider_region", "Its region.", lambda row: row.giver.region),
        C("receiver", "The receiving authority.", lambda row: row.receiver.name),
        C("receiver_code", "Its ONS code.", lambda row: row.receiver.code),
        C("receiver_region", "Its region.", lambda row: row.receiver.region),
        C("partnerships", "Partnerships between the two.", lambda row: row.partnerships),
        *_given(lambda row: row.days),
    ),
)
BETWEEN: Table[Between] = Table(
    "between-regions",
    "a giving and a receiving region with partnerships, or days, in the quarters chosen",
    (
        C("giving_region", "Where the providers are.", lambda row: row.giving),
        C("receiving_region", "Where the receivers are.", lambda row: row.receiving),
        C("partnerships", "Partnerships between the two.", lambda row: row.partnerships),
        *_given(lambda row: row.days),
    ),
)
THEMES: Table[Gap] = Table(
    "themes-wanted-and-offered",
    "a theme that submitted or open needs want, or that published offers name; widest gaps first",
    (
        C("theme", "The theme.", lambda row: row.theme),
        C("stands", "Wanted against offered, in words.", lambda row: row.stands),
        C("needs_first", "Waiting needs that put it first.", lambda row: row.first),
        C("days_wanted", "Days that those want.", lambda row: as_days(row.quarter_days)),
        C("needs_further", "Waiting needs that name it too.", lambda row: row.further),
        C(
            "offers_near",
            "Published offers: from within the region, or in the whole programme.",
            lambda row: row.near,
        ),
        C("offers_elsewhere", "Published offers from other regions.", lambda row: row.elsewhere),
    ),
)
WAITS: Table[Wait] = Table(
    "submitted-to-first-day",
    "a span of time from the submitted need to the first support day, for first days in the "
    "quarters chosen",
    (
        C("waited", "How long.", lambda row: row.name),
        C("partnerships", "How many partnerships.", lambda row: row.partnerships),
    ),
)
PHASES: Table[Phase] = Table(
    "partnerships-by-phase",
    "partnerships in one phase today, and how those under way go",
    (
        C("phase", "Where they stand.", lambda row: row.state.value.replace("_", " ")),
        C("partnerships", "How many.", lambda row: row.partnerships),
        C("needs_a_talk", "Needs a talk soon.", lambda row: row.goes[Temperature.TALK]),
        C("worth_a_word", "Worth a word.", lambda row: row.goes[Temperature.WORD]),
        C("too_early", "Too early to say.", lambda row: row.goes[Temperature.EARLY]),
        C("going_well", "Going well.", lambda row: row.goes[Temperature.WELL]),
        C("paused", "Paused.", lambda row: row.goes[Temperature.PAUSED]),
    ),
)


def _mean(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


FEEDBACK: Table[Said] = Table(
    "feedback",
    "what receivers said, by programme or by their region; where three or fewer receivers spoke, "
    "and where those could be worked out, nothing is shown",
    (
        C("group", "The programme or region; All.", lambda row: row.name),
        C("asked", "Receivers asked, once for each moment.", lambda row: row.asked),
        C("answered", "How many of those answered.", lambda row: row.answered),
        C(
            "shown",
            "no: too few to show.",
            lambda row: "no" if row.is_held_back else "yes",
        ),
        C("receivers", "Whose latest words count.", lambda row: row.receivers),
        C("effectiveness", "Their mean of 1 to 5.", lambda row: _mean(row.effectiveness)),
    ),
)


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100


UNDERSPEND: Table[Account] = Table(
    "underspend",
    "a provider's grant of the financial year; for programme managers",
    (
        C("provider", "The giving authority.", lambda row: row.grant.provider.name),
        C("provider_code", "Its ONS code.", lambda row: row.grant.provider.code),
        C("grant", "Pounds granted.", lambda row: _pounds(row.grant.pence)),
        C("paid", "Pounds paid so far.", lambda row: _pounds(row.grant.paid)),
        C("worth_given", "What the days given are worth.", lambda row: _pounds(row.worth)),
        C("forecast", "If all that is committed is given.", lambda row: _pounds(row.forecast)),
        C("underspend", "Grant less forecast.", lambda row: _pounds(row.underspend)),
    ),
)

TABLES: tuple[Table[Any], ...] = (
    NEEDS,
    THEMES,
    DAYS_BY_QUARTER,
    DAYS_BY_REGION,
    DAYS_BY_PROVIDER,
    SUPPORT_MAP,
    PAIRS,
    BETWEEN,
    WAITS,
    PHASES,
    FEEDBACK,
    UNDERSPEND,
)
