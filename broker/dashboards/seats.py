"""From which seat somebody looks (a region or a programme), and what they narrowed it to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Region
from broker.models.person import Membership, Person, Role
from broker.models.programme import Programme, Theme
from broker.returns.quarters import quarter_numbered

LOOKS = (Role.COORDINATOR, Role.DFE_LEAD, Role.PROGRAMME_MANAGER)
BACK, AHEAD = 11, 4  # quarters that may be chosen, before and after this one
USUAL_BACK, USUAL_AHEAD = 3, 2


@dataclass(frozen=True)
class Seat:
    """A region, for its coordinators and its DfE lead; or a programme, for its managers."""

    role: Role
    place_id: int
    name: str

    @property
    def key(self) -> str:
        return f"{self.role.value}-{self.place_id}"

    @property
    def region_id(self) -> int | None:
        return None if self.role is Role.PROGRAMME_MANAGER else self.place_id

    @property
    def programme_id(self) -> int | None:
        return self.place_id if self.role is Role.PROGRAMME_MANAGER else None

    @property
    def is_dfe(self) -> bool:
        return self.role is Role.DFE_LEAD


def seats_of(person: Person) -> list[Seat]:
    """Every seat that a person has today, each once, by name."""
    found = {seat.key: seat for held in person.holding(*LOOKS) if (seat := _seat(held))}
    return sorted(found.values(), key=lambda seat: (seat.name, seat.key))


def _seat(held: Membership) -> Seat | None:
    place = held.programme if held.role is Role.PROGRAMME_MANAGER else held.region
    return Seat(held.role, place.id, place.name) if place else None


@dataclass(frozen=True)
class Chosen:
    """A seat and what it is narrowed to. `region` and `programme` hold the seat's own as well."""

    seat: Seat
    first: Quarter
    last: Quarter
    region_id: int | None = None
    programme_id: int | None = None
    theme_id: int | None = None

    @property
    def quarters(self) -> list[Quarter]:
        return [self.first + n for n in range(self.last.ordinal - self.first.ordinal + 1)]

    @property
    def words(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    def as_address(self) -> dict[str, str | int]:
        """The same in an address, as `read` reads it."""
        own = self.seat
        named = {
            "programme": self.programme_id if own.programme_id is None else None,
            "region": self.region_id if own.region_id is None else None,
            "theme": self.theme_id,
        }
        kept = {name: number for name, number in named.items() if number is not None}
        span = {"from": self.first.ordinal, "to": self.last.ordinal}
        return {"seat": own.key, **span, **kept}


@dataclass(frozen=True)
class Choices:
    """What can be chosen."""

    seats: list[Seat]
    programmes: list[Programme]
    regions: list[Region]
    themes: list[Theme]
    quarters: list[Quarter]

    def words_for(self, chosen: Chosen) -> str:
        """What was chosen, in words: the quarters, and what narrows them."""
        named = (
            (self.regions, chosen.region_id, chosen.seat.region_id),
            (self.programmes, chosen.programme_id, chosen.seat.programme_id),
            (self.themes, chosen.theme_id, None),
        )
        narrowed = [
            one.name for some, id_, own in named if id_ != own for one in some if one.id == id_
        ]
        return ", ".join([chosen.words, *narrowed])


def choices(person: Person) -> Choices:
    """In three questions."""
    this = clock.this_quarter()
    themes = select(Theme).where(Theme.parent_id.is_not(None)).order_by(Theme.name)
    return Choices(
        seats=seats_of(person),
        programmes=list(db.session.scalars(select(Programme).order_by(Programme.name))),
        regions=list(db.session.scalars(select(Region).order_by(Region.name))),
        themes=list(db.session.scalars(themes)),
        quarters=[this + n for n in range(-BACK, AHEAD + 1)],
    )


def read(address: Mapping[str, str], may: Choices) -> Chosen:
    """What an address asks for; whatever is not among the choices is as if it were not there."""
    seat = next((one for one in may.seats if one.key == address.get("seat")), may.seats[0])
    this = clock.this_quarter()
    first = _quarter(address, "from", may) or this - USUAL_BACK
    last = _quarter(address, "to", may) or max(first, this + USUAL_AHEAD)
    return Chosen(
        seat=seat,
        first=min(first, last),
        last=max(first, last),
        region_id=seat.region_id or _among(address, "region", [one.id for one in may.regions]),
        programme_id=seat.programme_id
        or _among(address, "programme", [one.id for one in may.programmes]),
        theme_id=_among(address, "theme", [one.id for one in may.themes]),
    )


def _quarter(address: Mapping[str, str], name: str, may: Choices) -> Quarter | None:
    found = quarter_numbered(_number(address.get(name, "")))
    return found if found in may.quarters else None


def _among(address: Mapping[str, str], name: str, ids: list[int]) -> int | None:
    number = _number(address.get(name, ""))
    return number if number in ids else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
