"""The columns of every exported table, and the document that says what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from broker.authorities.figures import Figures
from broker.capacity.queries import QuarterRow
from broker.clock import Quarter
from broker.exports.round_columns import ROUND_PLAN
from broker.exports.tables import Column, Table, as_days
from broker.matching.scores import Line
from broker.models.partnership import SupportDay
from broker.partnerships.queries import Listed
from broker.prospectus.cards import Card
from broker.returns.totals import FrozenRow
from broker.shortlists.queries import Possible

C = Column

FROZEN_RETURNS: Table[FrozenRow] = Table(
    "frozen-returns",
    "what one provider gave one receiver in a frozen quarter of a programme, from the return that "
    "its director certified; a provider that gave nothing has one row without a receiver",
    (
        C("programme", "The programme's name.", lambda row: row.programme),
        C("quarter", "Financial-year quarter, such as 2026-27 Q1.", lambda row: row.quarter),
        C("provider_code", "ONS code of the giving authority.", lambda row: row.provider_code),
        C("provider", "Name of the giving authority.", lambda row: row.provider),
        C("provider_region", "Region of the giving authority.", lambda row: row.provider_region),
        C("receiver_code", "ONS code of the receiving authority.", lambda row: row.receiver_code),
        C("receiver", "Name of the receiving authority.", lambda row: row.receiver),
        C("receiver_region", "Region of the receiving authority.", lambda row: row.receiver_region),
        C(
            "days_confirmed",
            "Days given in the quarter that both sides confirmed.",
            lambda row: as_days(row.days.confirmed),
        ),
        C(
            "days_unconfirmed",
            "Days that one side logged and the other has not confirmed.",
            lambda row: as_days(row.days.unconfirmed),
        ),
        C(
            "days_queried",
            "Days that the other side queries. They are in none of the other columns.",
            lambda row: as_days(row.days.queried),
        ),
        C(
            "days_on_site",
            "Confirmed and unconfirmed days given on site.",
            lambda row: as_days(row.days.on_site),
        ),
        C(
            "days_remote",
            "Confirmed and unconfirmed days given remotely.",
            lambda row: as_days(row.days.remote),
        ),
        C(
            "support_days",
            "Number of log entries behind confirmed and unconfirmed days.",
            lambda row: row.days.records,
        ),
        C("version", "Number of the certified version.", lambda row: row.version),
        C("certified_at", "When it was certified, London time.", lambda row: row.certified_at),
        C("sha256", "SHA-256 of the certified content.", lambda row: row.sha256),
    ),
)

OFFERS: Table[Card] = Table(
    "offers",
    "a published offer of the prospectus, as searched and filtered, in the order asked for; "
    "everything in it is public",
    (
        C("offer", "The offer's number: its page is /offers/ and this.", lambda card: card.id),
        C("title", "Its title.", lambda card: card.title),
        C("what_we_do", "What the provider does, in its own words.", lambda card: card.what_we_do),
        C("provider_code", "ONS code of the authority that offers.", lambda c: c.provider_code),
        C("provider", "Name of the authority that offers.", lambda card: card.provider),
        C("region", "Its region.", lambda card: card.region),
        C("programmes", "The programmes it stands in.", lambda card: card.programmes),
        C("themes", "Its themes, the offer's own order.", lambda card: card.themes),
        C("theme_codes", "The codes of its themes, same order.", lambda card: card.theme_codes),
        C("evidence", "What backs its claims.", lambda card: card.evidence),
        C("support_types", "Kinds of support.", lambda card: card.choices.get("support_type", ())),
        C("modes", "How hands-on.", lambda card: card.choices.get("mode", ())),
        C("styles", "Ways of working.", lambda card: card.choices.get("style", ())),
        C("levels", "Who it works with.", lambda card: card.choices.get("level", ())),
        C("delivery", "on_site, remote or either.", lambda card: card.delivery.value),
        C("days_least", "Least days in one partnership.", lambda c: as_days(c.days_least)),
        C("days_most", "Most days in one partnership.", lambda card: as_days(card.days_most)),
        C(
            "days_free",
            "Confirmed days promised to nobody, this quarter and later: the provider's, under "
            "the offer's programmes, shared by all its offers there.",
            lambda card: as_days(card.free.total),
        ),
        C(
            "days_free_by_quarter",
            "The same by financial-year quarter; a quarter without free days is left out.",
            lambda card: {str(q): as_days(days) for q, days in card.free.by_quarter.items()},
        ),
        C(
            "km",
            "Kilometres from the authority that distances are measured from, if there is one.",
            lambda card: None if card.km is None else round(card.km),
        ),
        C("version", "Number of the version that stands.", lambda card: card.version),
        C("published_at", "When it was first published, London time.", lambda c: c.published_at),
        C(
            "source",
            "What backs its claims: web addresses, or words where there is none.",
            lambda card: card.source,
        ),
        C(
            "illustrative",
            "'yes' for records of the demonstration.",
            lambda card: "yes" if card.is_illustrative else "no",
        ),
        C("given_with", "The authorities that give it too.", lambda card: card.partners),
        C("can_help", "Where those it helps may stand; empty: anywhere.", lambda card: card.helps),
        C("months_least", "Shortest partnership, if said.", lambda card: card.commitment_months),
    ),
)

PARTNERSHIPS: Table[Listed] = Table(
    "partnerships",
    "a partnership that the person who downloads may see, as filtered",
    (
        C("partnership", "The partnership's number.", lambda row: row.partnership.id),
        C("title", "What it is about.", lambda row: row.partnership.title),
        C("programme", "The programme's name.", lambda row: row.partnership.programme.name),
        C(
            "provider_code",
            "ONS code of the giving authority.",
            lambda row: row.partnership.provider.code,
        ),
        C("provider", "The giving authority.", lambda row: row.partnership.provider.name),
        C(
            "receiver_code",
            "ONS code of the receiving authority.",
            lambda row: row.partnership.receiver.code,
        ),
        C("receiver", "The receiving authority.", lambda row: row.partnership.receiver.name),
        C(
            "phase",
            "Where it stands.",
            lambda row: row.partnership.state.value.replace("_", " "),
        ),
        C("opened_at", "When it opened, London time.", lambda row: row.partnership.opened_at),
        C(
            "ended_at",
            "When it ended, London time; empty while it is live.",
            lambda row: row.partnership.ended_at,
        ),
        C(
            "days_committed",
            "Days approved for it, less those given back.",
            lambda row: as_days(row.days.committed),
        ),
        C(
            "days_delivered",
            "Days logged, whether confirmed or not; void ones are not counted.",
            lambda row: as_days(row.days.delivered),
        ),
        C("days_left", "Committed less delivered.", lambda row: as_days(row.left)),
        C(
            "illustrative",
            "'yes' for records of the demonstration.",
            lambda row: "yes" if row.partnership.is_illustrative else "no",
        ),
    ),
)

SUPPORT_DAYS: Table[SupportDay] = Table(
    "support-days",
    "an entry in the log of a partnership, void ones included",
    (
        C("support_day", "The entry's number.", lambda day: day.id),
        C("partnership", "The partnership's number.", lambda day: day.partnership_id),
        C("title", "What the partnership is about.", lambda day: day.partnership.title),
        C("provider", "The giving authority.", lambda day: day.partnership.provider.name),
        C("receiver", "The receiving authority.", lambda day: day.partnership.receiver.name),
        C("programme", "The programme's name.", lambda day: day.partnership.programme.name),
        C("given_on", "The date on which it was given.", lambda day: day.given_on),
        C("quarter", "The quarter of that date.", lambda day: str(Quarter.of(day.given_on))),
        C("days", "Days, in steps of 0.25.", lambda day: as_days(day.quarter_days)),
        C("activity", "What was done.", lambda day: day.activity),
        C("delivery", "On site or remote.", lambda day: day.delivery.words.lower()),
        C(
            "kind_of_help",
            "One of the kinds of help; empty where nobody said.",
            lambda day: day.support_type.name if day.support_type else None,
        ),
        C("given_by", "Roles that gave it.", lambda day: day.provider_roles),
        C("taken_part", "Roles of the receiver that took part.", lambda day: day.receiver_roles),
        C("people", "How many people of the receiver took part.", lambda day: day.people_count),
        C(
            "extra",
            "'yes' for agreed days beyond those approved.",
            lambda day: "yes" if day.is_extra else "no",
        ),
        C("state", "Logged, confirmed, queried or void.", lambda day: day.state.value),
        C("logged_by_side", "Provider or receiver.", lambda day: day.logged_by_side.value),
        C("logged_at", "When it was logged, London time.", lambda day: day.logged_at),
    ),
)

CAPACITY: Table[QuarterRow] = Table(
    "capacity",
    "a quarter of one provider's days in one programme, for its own people and the programme",
    (
        C("provider_code", "ONS code of the giving authority.", lambda r: r.place.provider.code),
        C("provider", "The giving authority.", lambda r: r.place.provider.name),
        C("programme", "The programme's name.", lambda r: r.place.programme.name),
        C("quarter", "Financial-year quarter.", lambda r: str(r.quarter)),
        C(
            "days_confirmed",
            "Funded days, less those taken back.",
            lambda r: as_days(r.balance.offered),
        ),
        C(
            "days_likely",
            "Days that are likely and not funded yet. Nobody can be promised any of them.",
            lambda r: as_days(r.balance.indicated),
        ),
        C(
            "days_reserved",
            "Held for matches that wait for approval.",
            lambda r: as_days(r.balance.reserved),
        ),
        C(
            "days_committed",
            "Approved for partnerships, less those given back or moved.",
            lambda r: as_days(r.balance.committed),
        ),
        C(
            "days_delivered",
            "Logged with a date in this quarter.",
            lambda r: as_days(r.balance.delivered),
        ),
        C(
            "days_free",
            "Confirmed less reserved less committed; 0 once the quarter is over.",
            lambda r: as_days(r.free),
        ),
        C(
            "days_expired",
            "Those that were free when the quarter ended.",
            lambda r: as_days(r.expired),
        ),
        C(
            "partnerships_at_once",
            "How many partnerships the provider takes in a quarter.",
            lambda r: r.place.capacity.at_once if r.place.capacity else None,
        ),
        C(
            "backfill",
            "Secured, not secured yet, not needed; empty where nobody said.",
            lambda r: r.place.backfill_words,
        ),
    ),
)

INDICATORS: Table[Figures] = Table(
    "indicators",
    "an indicator of an authority in one year, beside its neighbours, region and England",
    (
        C("indicator", "The indicator's short name.", lambda row: row.indicator.code),
        C("name", "What it counts.", lambda row: row.indicator.name),
        C("unit", "What the figures are in.", lambda row: row.indicator.unit.words),
        C("better", "Which way is usually better.", lambda row: row.indicator.better.value),
        C("year", "The year in which the counted time ends.", lambda row: row.year),
        C(
            "authority",
            "The authority's figure; empty: nothing published, or not to be used.",
            lambda row: _figure(row.own),
        ),
        C(
            "neighbours_mean",
            "Plain mean of the ten statistical neighbours' figures; derived, not published.",
            lambda row: _figure(row.neighbours),
        ),
        C("region", "The region's published figure.", lambda row: _figure(row.region)),
        C("england", "England's published figure.", lambda row: _figure(row.england)),
        C(
            "notes",
            "What to know before the authority's figure is used.",
            lambda row: [flag.words for flag in row.flags],
        ),
        C("source", "Where the figures are published.", lambda row: row.indicator.source),
    ),
)


def _figure(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


SHORTLIST: Table[Possible] = Table(
    "shortlist",
    "an offer that could help with a need, as searched and in the order asked for; for the need's "
    "own authority and its coordinator",
    (
        C("offer", "The offer's number: its page is /offers/ and this.", lambda one: one.offer.id),
        C("title", "Its title.", lambda one: one.offer.title),
        C(
            "provider_code",
            "ONS code of the authority that offers.",
            lambda one: one.offer.provider.code,
        ),
        C("provider", "Name of the authority that offers.", lambda one: one.offer.provider.name),
        C("region", "Its region.", lambda one: one.offer.provider.region.name),
        C("points", "Points of 1,000 by the programme's weights.", lambda one: one.points),
        C("fits", "On how many criteria it fits.", lambda one: one.fits),
        C("strengths", "Criteria that it fits on, in words.", lambda one: _said(one.strengths)),
        C("gaps", "Criteria that it does not fit on, in words.", lambda one: _said(one.gaps)),
        C("unknown", "Criteria on which too little is known.", lambda one: one.unknown),
        C(
            "free_days",
            "The provider's free days by quarter in the need's programme.",
            lambda one: {str(q): as_days(days) for q, days in one.free.by_quarter.items()},
        ),
        C("starts", "First quarter with the wanted days free.", lambda one: _text(one.starts)),
        C(
            "distance_km",
            "Kilometres between the two settled centres; empty: not known.",
            lambda one: None if one.km is None else round(one.km),
        ),
        C(
            "neighbour_rank",
            "Rank of the provider among the receiver's statistical neighbours; empty: not one.",
            lambda one: one.neighbour_rank,
        ),
        C(
            "state",
            "Made, asked or passed over, once it stands beside the need; empty before.",
            lambda one: one.state.value if one.state else None,
        ),
    ),
)


def _said(lines: list[Line]) -> list[str]:
    return [f"{line.criterion.name}: {line.words}" for line in lines]


def _text(quarter: Quarter | None) -> str | None:
    return None if quarter is None else str(quarter)


TABLES: tuple[Table[Any], ...] = (
    FROZEN_RETURNS,
    INDICATORS,
    OFFERS,
    PARTNERSHIPS,
    SUPPORT_DAYS,
    CAPACITY,
    SHORTLIST,
    ROUND_PLAN,
)


def columns_document(more: Sequence[Table[Any]] = ()) -> str:
    """Every table with its columns and what they mean, as Markdown; `more`: those of packs."""
    parts = [
        "# Columns of the exports\n\n",
        "Files are CSV in UTF-8 with a byte order mark. Days are decimals such as 12.5. Text that ",
        "a spreadsheet could take for a formula starts with an apostrophe. Several values in one ",
        "cell are parted by '; '. Where a list is to be had as JSON too, its objects have the ",
        "same names, with numbers and lists as such.\n",
    ]
    for table in (*TABLES, *more):
        parts += [f"\n## {table.name}\n\nOne row is {table.row_is}.\n\n"]
        parts += ["| Column | Meaning |\n| --- | --- |\n"]
        parts += [f"| {column.name} | {column.meaning} |\n" for column in table.columns]
    return "".join(parts)
