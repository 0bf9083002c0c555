"""The sheets of a return pack: each a table with stable columns, from one pack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from broker.exports.tables import Column, Table, as_days
from broker.exports.workbook import Sheet
from broker.feedback.coverage import Coverage
from broker.packs.content import (
    Changed,
    Pack,
    Part,
    adjusted_by_providing_region,
    adjusted_by_receiving_region,
    by_providing_region,
    by_receiving_region,
    by_theme,
    by_type,
)
from broker.packs.said import PLANNED, SECTIONS, planned_in, sections_in
from broker.returns.content import COUNTED
from broker.returns.figures import Line
from broker.returns.given import Days

Value = int | Decimal


@dataclass(frozen=True)
class Help:
    """A line of the reading help."""

    about: str
    words: str


@dataclass(frozen=True)
class Measure:
    """One figure of the quarter beside those of the quarter before and of a year before."""

    name: str
    now: Value
    before: Value
    year_before: Value


@dataclass(frozen=True)
class Named:
    """Days under a name, in a way of parting the whole."""

    group: str
    name: str
    days: Days


@dataclass(frozen=True)
class Given:
    """What one provider gave one receiver; no line for a nil return."""

    part: Part
    line: Line


@dataclass(frozen=True)
class Remark:
    """Something about the data that a reader should know."""

    provider: str
    what: str
    days: Decimal | None


def _days(of: Callable[[Any], Days]) -> tuple[Column[Any], ...]:
    meanings = {
        "confirmed": "Days given in the quarter that both sides confirmed.",
        "unconfirmed": "Days that one side logged and the other has not confirmed.",
        "queried": "Days that the other side queries. They are in none of the other columns.",
        "on_site": "Confirmed and unconfirmed days given on site.",
        "remote": "Confirmed and unconfirmed days given remotely.",
    }
    made = [_amount(name, meanings[name], of) for name in COUNTED]
    return (*made, Column("support_days", "Log entries behind them.", lambda row: of(row).records))


def _amount(name: str, meaning: str, of: Callable[[Any], Days]) -> Column[Any]:
    return Column(f"days_{name}", meaning, lambda row: as_days(getattr(of(row), name)))


def _kept(part: Part, name: str) -> Any:
    """A fact of the certified version; None where nothing was certified."""
    return getattr(part.certified, name) if part.certified else None


HELP: Table[Help] = Table(
    "reading-help",
    "something to know before reading",
    (
        Column("about", "What it is about.", lambda row: row.about),
        Column("words", "What to know.", lambda row: row.words),
    ),
)
SUMMARY: Table[Measure] = Table(
    "summary",
    "a figure of the whole programme",
    (
        Column("measure", "What is counted.", lambda row: row.name),
        Column("this_quarter", "In this quarter.", lambda row: row.now),
        Column("quarter_before", "In the quarter before.", lambda row: row.before),
        Column("same_quarter_last_year", "A year before.", lambda row: row.year_before),
    ),
)
TOTALS: Table[Named] = Table(
    "totals",
    "a region, or England: each group adds up to the same, and so do those of adjustments",
    (
        Column("group", "How the days are parted.", lambda row: row.group),
        Column("name", "The part.", lambda row: row.name),
        *_days(lambda row: row.days),
    ),
)
PROVIDERS: Table[Part] = Table(
    "by-provider",
    "a provider with anything in the quarter, nil returns included",
    (
        Column("provider_code", "ONS code of the giving authority.", lambda row: row.code),
        Column("provider", "The giving authority.", lambda row: row.name),
        Column("provider_region", "Its region.", lambda row: row.region),
        Column("return", "Where its return stands.", lambda row: row.state),
        Column("receivers", "Authorities it worked with.", lambda row: len(row.figures.lines)),
        Column(
            "partnerships_live",
            "Partnerships live on any day of the quarter.",
            lambda row: row.figures.partnerships_live,
        ),
        Column(
            "offers_published",
            "Offers published by the quarter's end.",
            lambda row: row.figures.offers_published,
        ),
        *_days(lambda row: row.figures.total),
        Column(
            "days_committed",
            "Committed in the quarter by the ledger; as certified: before any was carried.",
            lambda row: as_days(row.figures.committed),
        ),
        Column(
            "days_adjusted",
            "Confirmed and unconfirmed days of earlier, frozen quarters that came or went since.",
            lambda row: as_days(row.figures.adjusted.counted),
        ),
        Column("feedback_asked", "Times receivers were asked.", lambda row: row.figures.asked),
        Column("feedback_answered", "Times they answered.", lambda row: row.figures.answered),
        Column("version", "Number of the certified version.", lambda row: _kept(row, "number")),
        Column("certified_at", "When, London time.", lambda row: _kept(row, "certified_at")),
        Column("sha256", "SHA-256 of what was certified.", lambda row: _kept(row, "sha256")),
    ),
)
RECEIVERS: Table[Given] = Table(
    "by-receiver",
    "what one provider gave one receiver",
    (
        Column("receiver_code", "ONS code of the receiver.", lambda row: row.line.code),
        Column("receiver", "The receiving authority.", lambda row: row.line.name),
        Column("receiver_region", "Its region.", lambda row: row.line.region),
        Column("provider_code", "ONS code of the provider.", lambda row: row.part.code),
        Column("provider", "The giving authority.", lambda row: row.part.name),
        Column(
            "partnerships",
            "Their titles.",
            lambda row: [title for _, title in row.line.partnerships],
        ),
        *_days(lambda row: row.line.days),
    ),
)
THEMES: Table[Named] = Table(
    "by-theme",
    "a theme: a day counts in the theme that its need puts first",
    (Column("theme", "The theme.", lambda row: row.name), *_days(lambda row: row.days)),
)
TYPES: Table[Named] = Table(
    "by-type",
    "support types that a need names, taken together: a day counts in one row",
    (
        Column("support_types", "The types, as the need names them.", lambda row: row.name),
        *_days(lambda row: row.days),
    ),
)
OUTCOMES: Table[Part] = Table(
    "outcomes",
    "a provider's words, as certified",
    (
        Column("provider_code", "ONS code of the giving authority.", lambda row: row.code),
        Column("provider", "The giving authority.", lambda row: row.name),
        Column("outcomes", "What changed, in its words.", lambda row: row.words("outcomes")),
        Column("measured", "How that was measured.", lambda row: row.words("measured")),
        Column("evidence", "Evidence of impact.", lambda row: row.words("evidence")),
        Column("priorities", "What comes next quarter.", lambda row: row.words("priorities")),
        Column("reflection", "Reflection on six months.", lambda row: row.words("reflection")),
        Column("case_study", "Case study.", lambda row: row.words("case_study")),
        Column("version", "Number of the certified version.", lambda row: _kept(row, "number")),
    ),
)
FEEDBACK: Table[Coverage] = Table(
    "feedback-coverage",
    "a moment at which somebody is asked how it went",
    (
        Column("who", "receiver, provider or staff.", lambda row: row.voice.value),
        Column("moment", "When.", lambda row: row.moment.words),
        Column("partnerships", "Partnerships opened by then.", lambda row: row.partnerships),
        Column("not_asked", "Not asked yet.", lambda row: row.not_asked),
        Column("asked", "Asked.", lambda row: row.asked),
        Column(
            "answered",
            "Answered, of those asked; staff: pulse opened.",
            lambda row: row.answered,
        ),
        Column("not_answered", "Asked and not answered.", lambda row: row.not_answered),
    ),
)
CHANGES: Table[Changed] = Table(
    "changes-since-freeze",
    "what days of a frozen quarter, with one provider and one receiver, have become since; a minus "
    "takes away. They stand apart from this quarter's own days",
    (
        Column("quarter", "The frozen quarter.", lambda row: row.adjustment.quarter),
        Column(
            "carried",
            "'here': among this pack's adjustments. 'next return': still to be carried.",
            lambda row: "here" if row.is_carried else "next return",
        ),
        Column("provider_code", "ONS code of the provider.", lambda row: row.part.code),
        Column("provider", "The giving authority.", lambda row: row.part.name),
        Column("provider_region", "Its region.", lambda row: row.part.region),
        Column("receiver_code", "ONS code of the receiver.", lambda row: row.adjustment.code),
        Column("receiver", "The receiving authority.", lambda row: row.adjustment.name),
        Column("receiver_region", "Its region.", lambda row: row.adjustment.region),
        *_days(lambda row: row.adjustment.days),
    ),
)
QUALITY: Table[Remark] = Table(
    "data-quality",
    "something that a reader of the figures should know",
    (
        Column("provider", "The giving authority.", lambda row: row.provider),
        Column("what", "What to know.", lambda row: row.what),
        Column("days", "The days it touches.", lambda row: row.days),
    ),
)
TABLES: tuple[Table[Any], ...] = (
    HELP,
    SUMMARY,
    TOTALS,
    PROVIDERS,
    RECEIVERS,
    THEMES,
    TYPES,
    OUTCOMES,
    SECTIONS,
    PLANNED,
    FEEDBACK,
    QUALITY,
    CHANGES,
)


def sheets_of(pack: Pack) -> list[Sheet]:
    """The pack's sheets in the order of reading: (title, table, records)."""
    certified = [part for part in pack.parts if part.certified]
    return [
        ("Reading help", HELP, _help(pack)),
        ("Summary", SUMMARY, _measures(pack)),
        ("Totals", TOTALS, _totals(pack)),
        ("By provider", PROVIDERS, pack.parts),
        ("By receiver", RECEIVERS, _given(pack)),
        ("By theme", THEMES, _named("Theme", by_theme(pack.parts))),
        ("By type", TYPES, _named("Types", by_type(pack.parts))),
        ("Outcomes", OUTCOMES, certified),
        ("Receiver sections", SECTIONS, sections_in(pack)),
        ("Planned outcomes", PLANNED, planned_in(pack)),
        ("Feedback coverage", FEEDBACK, pack.coverage),
        ("Data quality", QUALITY, _remarks(pack)),
        ("Changes since freeze", CHANGES, pack.changed),
    ]


def _help(pack: Pack) -> Iterator[Help]:
    yield Help("What this is", f"{pack.programme.name}, {pack.quarter} ({pack.quarter.months}).")
    yield Help("The figures are", pack.basis)
    yield Help("Days", "Decimals in steps of 0.25, by the date on which they were given.")
    yield Help(
        "Adding up", "Regions, providers, receivers and themes each make the national total."
    )
    yield Help(
        "Adjustments",
        "Days of quarters frozen before, logged or changed since. They stand apart: a year is its "
        "quarters' days and their adjustments together.",
    )
    yield Help("Left out", "Queried days stand apart; void days are nowhere.")
    yield Help("Feedback", "'Not asked' and 'not answered' differ: only those asked can answer.")
    for before in pack.earlier:
        yield Help(f"Beside it: {before.quarter}", before.basis)
    for table in TABLES[1:]:
        yield Help(f"A row of {table.name}", f"{table.row_is}.".capitalize())
        for column in table.columns:
            yield Help(f"{table.name}: {column.name}", column.meaning)


def _measures(pack: Pack) -> Iterator[Measure]:
    columns = [pack.parts, *(one.parts for one in pack.earlier)]
    counts: tuple[tuple[str, Callable[[tuple[Part, ...]], Value]], ...] = (
        (
            "Providers with a certified return",
            lambda parts: sum(p.certified is not None for p in parts),
        ),
        ("Providers", len),
        ("Receivers", lambda parts: len({x.code for p in parts for x in p.figures.lines})),
        ("Partnerships live", lambda parts: sum(p.figures.partnerships_live for p in parts)),
        ("Offers published", lambda parts: sum(p.figures.offers_published for p in parts)),
    )
    for name, counted in counts:
        yield Measure(name, *(counted(parts) for parts in columns))
    for field, words in COUNTED.items():
        sums = (sum(getattr(p.figures.total, field) for p in parts) for parts in columns)
        yield Measure(words.capitalize(), *(as_days(one) for one in sums))
    for words, counted_in in (
        ("Days committed", lambda p: p.figures.committed),
        ("Days adjusted in earlier quarters", lambda p: p.figures.adjusted.counted),
    ):
        yield Measure(words, *(as_days(sum(map(counted_in, parts))) for parts in columns))


def _totals(pack: Pack) -> Iterator[Named]:
    yield Named("England", "England", pack.national)
    yield from _named("Receiving region", by_receiving_region(pack.parts))
    yield from _named("Providing region", by_providing_region(pack.parts))
    if late := adjusted_by_receiving_region(pack.parts):
        yield Named("Adjustments, England", "England", pack.adjusted)
        yield from _named("Adjustments, receiving region", late)
        yield from _named("Adjustments, providing region", adjusted_by_providing_region(pack.parts))


def _named(group: str, parts: dict[str, Days]) -> Iterable[Named]:
    return [Named(group, name, days) for name, days in parts.items()]


def _given(pack: Pack) -> list[Given]:
    found = [Given(part, line) for part in pack.parts for line in part.figures.lines]
    return sorted(found, key=lambda one: (one.line.name, one.line.code, one.part.name))


def _remarks(pack: Pack) -> Iterator[Remark]:
    for missing in pack.missing:
        where = "outside the totals" if pack.freeze else "no certified version yet"
        yield Remark(missing["name"], f"Return missing ({missing['state']}): {where}", None)
    for part in pack.parts:
        days = part.figures.total
        if days.unconfirmed:
            yield Remark(part.name, "Days that were not confirmed", as_days(days.unconfirmed))
        if days.queried:
            yield Remark(part.name, "Days that are queried, left out", as_days(days.queried))
        if part.certified and not part.words("outcomes").strip():
            yield Remark(part.name, "No words on outcomes", None)
        if part.certified and part.figures.is_nil:
            yield Remark(part.name, "Nil return: no partnership and no days", None)
