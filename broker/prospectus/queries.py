"""Questions of the public prospectus: everything here is for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Select, false, select
from sqlalchemy.orm import aliased, selectinload

from broker import clock
from broker.balances import FREE
from broker.clock import Quarter
from broker.db import db
from broker.eligibility import is_recent_improver
from broker.models.authority import Area, Authority, Region
from broker.models.ledger import Capacity, LedgerEntry
from broker.models.offer import Offer
from broker.models.person import Person
from broker.models.programme import Programme, Theme
from broker.models.searching import SavedSearch
from broker.permissions import RECEIVING
from broker.prospectus import faces
from broker.prospectus.asked import Asked
from broker.prospectus.faces import Face
from broker.prospectus.finding import Candidate, Found, Place, find, kilometres
from broker.prospectus.told import told
from broker.sights import offers_seen_by

Pair = tuple[int, int]
Free = dict[Pair, dict[Quarter, int]]
Named = tuple[tuple[str, int], ...]


def week() -> str:
    """The week whose lot decides between level offers."""
    year, number, _ = clock.today().isocalendar()
    return f"{year}-W{number:02}"


# -- what there is to find --------------------------------------------------------------------


def places() -> dict[int, Place]:
    """Every authority, by id."""
    wanted = select(
        Authority.id,
        Authority.code,
        Authority.name,
        Region.name,
        Region.code,
        Authority.type,
        Authority.latitude,
        Authority.longitude,
    ).join(Region, Region.id == Authority.region_id)
    return {
        id_: Place(id_, code, name, region, region_code, kind, point(latitude, longitude))
        for id_, code, name, region, region_code, kind, latitude, longitude in db.session.execute(
            wanted
        )
    }


def point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return None if latitude is None or longitude is None else (latitude, longitude)


def free_days() -> Free:
    """Free quarter-days of this and coming quarters, of every provider in every programme that is
    open today.

    The database says them as one text, and of the same text the same is made: so what is
    remembered is never old. Read it; do not change it.
    """
    free = (
        select(Capacity.provider_id, Capacity.programme_id, LedgerEntry.quarter, FREE.label("days"))
        .join(LedgerEntry, LedgerEntry.capacity_id == Capacity.id)
        .join(Programme, Programme.id == Capacity.programme_id)
        .where(LedgerEntry.quarter >= clock.this_quarter(), Programme.are_open_on(clock.today()))
        .group_by(Capacity.provider_id, Capacity.programme_id, LedgerEntry.quarter)
        .having(FREE > 0)
        .subquery()
    )
    return _free(db.session.scalar(told(*free.c)) or "")


@lru_cache(maxsize=4)
def _free(said: str) -> Free:
    rows = sorted(tuple(map(int, row.split())) for row in said.split(";") if row)
    free: Free = {}
    for provider_id, programme_id, quarter, days in rows:
        free.setdefault((provider_id, programme_id), {})[Quarter.at(quarter)] = days
    return free


def candidates(known: Iterable[Face], places: Mapping[int, Place]) -> list[Candidate]:
    """Offers with their places and the days free for them."""
    free = free_days()
    shared: dict[tuple[int, tuple[int, ...]], tuple[dict[Quarter, int], Named]] = {}
    found = []
    for face in known:
        key = (face.provider_id, face.programme_ids)
        if key not in shared:
            days = _together(free, face)
            shared[key] = days, tuple((str(quarter), n) for quarter, n in days.items())
        together = tuple(places[one] for one in face.partner_ids) if face.partner_ids else ()
        found.append(Candidate(face, places[face.provider_id], *shared[key], together))
    return found


def _together(free: Free, face: Face) -> dict[Quarter, int]:
    """The free days of all programmes that an offer stands in."""
    if len(face.programme_ids) == 1:
        return free.get((face.provider_id, face.programme_ids[0]), {})
    days: dict[Quarter, int] = {}
    for programme_id in face.programme_ids:
        for quarter, amount in free.get((face.provider_id, programme_id), {}).items():
            days[quarter] = days.get(quarter, 0) + amount
    return dict(sorted(days.items()))


# -- searching --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What was asked, as it was understood, and what was found. `own`: the reader's authority."""

    asked: Asked
    found: Found
    origin: Place | None
    own: Place | None
    places: Mapping[int, Place]
    everything: Mapping[int, Candidate]

    @property
    def compared(self) -> list[Candidate]:
        """Those chosen to compare that are published, in the order chosen."""
        chosen = (self.everything.get(offer_id) for offer_id in self.asked.compared)
        return [one for one in chosen if one is not None]


def search(asked: Asked, person: Person | None) -> Search:
    """Look through every published offer."""
    known = places()
    own = own_place(person, known)
    asked, origin = _measured(asked, own, known)
    everything = candidates(faces.published(), known)
    if origin is not None and origin.point is not None:
        _measure(everything, origin.point)
    if asked.order == "improved":
        _note_improvement(everything, asked)
    return Search(
        asked=asked,
        found=find(everything, asked, week=week()),
        origin=origin,
        own=own,
        places=known,
        everything={one.face.offer_id: one for one in everything},
    )


def own_place(person: Person | None, places: Mapping[int, Place]) -> Place | None:
    """The authority that a signed-in person receives for: distances start there."""
    held = person.holding(*RECEIVING) if person else []
    found = (places.get(m.authority_id) for m in held if m.authority_id is not None)
    return next((place for place in found if place is not None), None)


def _measured(
    asked: Asked, own: Place | None, places: Mapping[int, Place]
) -> tuple[Asked, Place | None]:
    """Where distances start, and what is asked without the distances that cannot be measured."""
    by_code = {place.code: place for place in places.values()}
    origin = by_code.get(asked.origin) if asked.origin else own
    if origin is not None:
        return asked, origin
    unread = list(asked.unread)
    if asked.origin:
        unread.append(f"No authority has the code ‘{asked.origin}’, so distances are left out.")
    elif asked.within is not None or asked.sort == "distance":
        unread.append("Choose an authority to measure distances from.")
    sort = "" if asked.sort == "distance" else asked.sort
    return replace(asked, origin="", within=None, sort=sort, unread=tuple(unread)), None


def _measure(everything: Iterable[Candidate], here: tuple[float, float]) -> None:
    far: dict[int, float | None] = {}
    for one in everything:
        place = one.place
        if place.id not in far:
            far[place.id] = kilometres(here, place.point) if place.point else None
        one.km = far[place.id]


def _note_improvement(everything: Iterable[Candidate], asked: Asked) -> None:
    """When the area of each offer's theme (of those chosen, if any) last moved up, if lately."""
    over = aliased(Theme)
    wanted = select(Theme.code, Theme.area, over.code).outerjoin(over, over.id == Theme.parent_id)
    themes = {code: (area, heading) for code, area, heading in db.session.execute(wanted)}
    chosen = set(asked.codes("theme"))
    improved = _improved_on()
    for one in everything:
        known = ((code, *themes[code]) for code in one.face.themes if code in themes)
        areas = {area for code, area, over in known if not chosen or chosen & {code, over}}
        days = (improved.get((one.place.id, area)) for area in areas)
        one.improved_on = max((day for day in days if day is not None), default=None)


def _improved_on() -> dict[tuple[int, Area], date]:
    """(authority id, area) → the day on which a better grade was published, where it is recent."""
    judged = select(Authority).options(selectinload(Authority.judgements))
    return {
        (authority.id, area): next(
            j.published_on for j in authority.judgements if j.grade_for(area) is not None
        )
        for authority in db.session.scalars(judged).unique()
        for area in Area
        if is_recent_improver(authority, area)
    }


# -- saved searches ---------------------------------------------------------------------------


def saved_by(person: Person | None) -> Select[SavedSearch]:
    """A person's own saved searches."""
    own = SavedSearch.person_id == person.id if person else false()
    return select(SavedSearch).where(own)


def searches_of(person: Person) -> list[SavedSearch]:
    """A person's saved searches, the newest first."""
    newest_first = saved_by(person).order_by(SavedSearch.id.desc())
    return list(db.session.scalars(newest_first).unique())


def fitting(
    offer_id: int, searches: Sequence[tuple[SavedSearch, Asked, Person]]
) -> list[SavedSearch]:
    """Those of some saved searches that one published offer fits now."""
    known = places()
    own = [face for face in faces.published() if face.offer_id == offer_id]
    if not own or not searches:
        return []
    [one] = candidates(own, known)
    return [saved for saved, asked, person in searches if _fits(one, asked, person, known)]


def _fits(one: Candidate, asked: Asked, person: Person, places: Mapping[int, Place]) -> bool:
    asked, origin = _measured(asked, own_place(person, places), places)
    if origin is not None and origin.point is not None:
        _measure([one], origin.point)
    return bool(find([one], replace(asked, sort="free"), week="").candidates)


def counted(person: Person, searches: Sequence[tuple[SavedSearch, Asked]]) -> dict[int, int]:
    """Saved search id → how many offers fit it now."""
    found = _found_by(person, [asked for _, asked in searches])
    return {saved.id: len(ids) for (saved, _), ids in zip(searches, found, strict=True)}


def found_by(person: Person, asked: Asked) -> list[int]:
    """The ids of the offers that a person finds with one search."""
    [ids] = _found_by(person, [asked])
    return ids


def _found_by(person: Person, searches: Iterable[Asked]) -> list[list[int]]:
    """The ids of the offers that each search finds, in no order that counts."""
    known = places()
    everything = candidates(faces.published(), known)
    own = own_place(person, known)
    found = []
    for asked in searches:
        plain, origin = _measured(asked, own, known)
        if origin is not None and origin.point is not None:
            _measure(everything, origin.point)
        fit = find(everything, replace(plain, sort="free"), week=week()).candidates
        found.append([one.face.offer_id for one in fit])
    return found


# -- providers --------------------------------------------------------------------------------


def provider(code: str) -> Authority | None:
    """The authority with this ONS code, its judgements with it."""
    wanted = select(Authority).where(Authority.code == code.upper())
    found = wanted.options(selectinload(Authority.judgements))
    return db.session.scalars(found).unique().one_or_none()


# -- one offer --------------------------------------------------------------------------------


def offers_visible_to(person: Person | None) -> Select[Offer]:
    return select(Offer).where(offers_seen_by(person))


def receiving_authorities(person: Person | None) -> list[Authority]:
    """The authorities that a person may ask for, with their judgements, by name."""
    held = person.holding(*RECEIVING) if person else []
    ids = [m.authority_id for m in held if m.authority_id is not None]
    wanted = select(Authority).where(Authority.id.in_(ids)).order_by(Authority.name)
    return list(db.session.scalars(wanted.options(selectinload(Authority.judgements))).unique())


def region_names() -> dict[str, str]:
    """Code → name of every region."""
    return {region.code: region.name for region in db.session.scalars(select(Region))}
