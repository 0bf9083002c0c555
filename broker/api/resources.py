"""The table of what the API gives: the document, the answers and docs/api.md are made from it.

Columns come from the exports and the pack, so that a figure has one definition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broker.api import records
from broker.api.records import Asked, Reported
from broker.exports.columns import OFFERS, PARTNERSHIPS, SUPPORT_DAYS
from broker.exports.tables import Column, Table, as_value
from broker.models.api_token import Scope
from broker.models.partnership import SupportDay
from broker.packs.sheets import OUTCOMES, PROVIDERS

Schema = dict[str, Any]
MOST, USUAL = 200, 50
LARGEST = 2**31 - 1

KINDS: dict[str, Schema] = {
    "whole": {"type": "integer"},
    "days": {"type": "number"},
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "by quarter": {"type": "object", "additionalProperties": {"type": "number"}},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "yes or no": {"type": "string", "enum": ["yes", "no"]},
}


@dataclass(frozen=True)
class Field:
    """A field of a record. `kind` is one of KINDS; `is_nullable`: it may be null."""

    column: Column[Any]
    kind: str
    is_nullable: bool

    @property
    def schema(self) -> Schema:
        plain = {**KINDS[self.kind], "description": self.column.meaning}
        return {**plain, "type": [plain["type"], "null"]} if self.is_nullable else plain


@dataclass(frozen=True)
class Filter:
    """A parameter that narrows a list."""

    name: str
    meaning: str
    schema: Schema


@dataclass(frozen=True)
class Resource:
    """A kind of record. `scope`: what a token needs; None: public."""

    name: str
    one: str
    words: str
    scope: Scope | None
    fields: tuple[Field, ...]
    read: Callable[[Asked], Sequence[Any]]
    filters: tuple[Filter, ...] = ()

    @property
    def id_name(self) -> str:
        """The field that numbers the records."""
        return self.fields[0].column.name

    def shown(self, record: Any) -> dict[str, Any]:
        """A record as JSON values."""
        return {one.column.name: as_value(one.column.value(record)) for one in self.fields}


def _fields(table: Table[Any], kinds: Mapping[str, str]) -> tuple[Field, ...]:
    """Columns of a table by name, with their kinds; one that ends in '?' may be null."""
    known = {column.name: column for column in table.columns}
    return tuple(
        Field(known[name], kind.removesuffix("?"), kind.endswith("?"))
        for name, kind in kinds.items()
    )


QUARTER = Filter(
    "quarter",
    "Only those of one quarter, such as 2026-27 Q1.",
    {"type": "string", "pattern": "^20[0-9]{2}-[0-9]{2} Q[1-4]$"},
)
OF_PARTNERSHIP = Filter(
    "partnership",
    "Only those of the partnership with this number.",
    {"type": "integer", "minimum": 1, "maximum": LARGEST},
)

DAYS: Table[SupportDay] = Table(
    "days",
    "days given on a date",
    (
        *(column for column in SUPPORT_DAYS.columns if column.name not in ("state", "given_by")),
        Column(
            "provider_code",
            "ONS code of the giving authority.",
            lambda day: day.partnership.provider.code,
        ),
        Column(
            "receiver_code",
            "ONS code of the receiving authority.",
            lambda day: day.partnership.receiver.code,
        ),
        Column(
            "state",
            "'confirmed' by both sides; 'logged': by one; 'queried': counted in no total.",
            lambda day: day.state.value,
        ),
    ),
)
ALWAYS = ("provider_code", "provider", "provider_region")


def _as_certified(column: Column[Any]) -> Column[Reported]:
    """A column of the pack; null until a director has certified the return."""
    is_known = column.name in ALWAYS

    def value(row: Reported) -> Any:
        return column.value(row.part) if is_known or row.part.certified else None

    return Column(column.name, column.meaning, value)


RETURNS: Table[Reported] = Table(
    "returns",
    "a provider's return for a quarter",
    (
        Column("return", "The return's number.", lambda row: row.return_.id),
        Column("programme", "The programme's name.", lambda row: row.return_.programme.name),
        Column("quarter", "The quarter it reports.", lambda row: str(row.return_.quarter)),
        Column("state", "Where it stands.", lambda row: row.part.state),
        *(_as_certified(one) for one in PROVIDERS.columns),
        *(_as_certified(one) for one in OUTCOMES.columns[2:6]),
    ),
)
CERTIFIED = {
    **dict.fromkeys(("receivers", "partnerships_live", "offers_published"), "whole?"),
    **{one.name: "days?" for one in PROVIDERS.columns if one.name.startswith("days_")},
    **dict.fromkeys(("support_days", "feedback_asked", "feedback_answered", "version"), "whole?"),
    "certified_at": "moment?",
    "sha256": "sha256?",
    **dict.fromkeys(("outcomes", "measured", "evidence", "priorities"), "text?"),
}

RESOURCES: tuple[Resource, ...] = (
    Resource(
        name="offers",
        one="offer",
        words="Published offers of help, as everybody sees them in the prospectus.",
        scope=None,
        read=records.offers,
        fields=_fields(
            OFFERS,
            {
                "offer": "whole",
                **dict.fromkeys(("title", "what_we_do"), "text"),
                **dict.fromkeys(("provider_code", "provider", "region"), "text"),
                **dict.fromkeys(("given_with", "programmes", "themes", "theme_codes"), "texts"),
                "evidence": "texts",
                "source": "text",
                **dict.fromkeys(("support_types", "modes", "styles", "levels"), "texts"),
                "delivery": "text",
                **dict.fromkeys(("days_least", "days_most", "days_free"), "days"),
                "days_free_by_quarter": "by quarter",
                "can_help": "texts",
                "months_least": "whole?",
                "version": "whole",
                "published_at": "moment",
                "illustrative": "yes or no",
            },
        ),
    ),
    Resource(
        name="returns",
        one="return",
        words="Providers' returns. Figures and words are those of the last version that the "
        "provider's director certified; until then they are null. A frozen quarter's returns add "
        "up to its pack.",
        scope=Scope.RETURNS,
        read=records.returns,
        filters=(QUARTER,),
        fields=_fields(
            RETURNS,
            {
                "return": "whole",
                **dict.fromkeys(("programme", "quarter", "state", *ALWAYS), "text"),
                **CERTIFIED,
            },
        ),
    ),
    Resource(
        name="days",
        one="day",
        words="Days given, one entry of the log each, as the records stand now; void ones are left "
        "out. Confirmed, logged and queried days of a quarter add up to the pack of that quarter "
        "as it stands.",
        scope=Scope.DAYS,
        read=records.days,
        filters=(QUARTER, OF_PARTNERSHIP),
        fields=_fields(
            DAYS,
            {
                "support_day": "whole",
                "partnership": "whole",
                **dict.fromkeys(("programme", "provider_code", "provider"), "text"),
                **dict.fromkeys(("receiver_code", "receiver"), "text"),
                "given_on": "date",
                "quarter": "text",
                "days": "days",
                "delivery": "text",
                "kind_of_help": "text?",
                "extra": "yes or no",
                "state": "text",
                "logged_by_side": "text",
                "logged_at": "moment",
            },
        ),
    ),
    Resource(
        name="partnerships",
        one="partnership",
        words="Partnerships, where they stand, and their days of all quarters together.",
        scope=Scope.PARTNERSHIPS,
        read=records.partnerships,
        fields=_fields(
            PARTNERSHIPS,
            {
                "partnership": "whole",
                **dict.fromkeys(("title", "programme", "provider_code", "provider"), "text"),
                **dict.fromkeys(("receiver_code", "receiver", "phase"), "text"),
                "opened_at": "moment",
                "ended_at": "moment?",
                **dict.fromkeys(("days_committed", "days_delivered", "days_left"), "days"),
                "illustrative": "yes or no",
            },
        ),
    ),
)
