"""Questions about returns, for the person asking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from broker import clock, permissions, sights
from broker.clock import Quarter
from broker.db import db
from broker.models.authority import Authority
from broker.models.offer import Offer
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.return_ import WORDS, Return, ReturnSection, ReturnState, ReturnVersion
from broker.returns.content import Change, changes, content_now, figures_in, words_in
from broker.returns.expected import expected, programmes_with_returns
from broker.returns.figures import Figures
from broker.returns.receivers import receivers_of
from broker.returns.records import Behind, behind
from broker.taking import verbs_open_to

LOOK_BACK = 8
FINISHED = (ReturnState.SUBMITTED, ReturnState.ACCEPTED)
PRIVATE = (*WORDS, "sections")  # the provider's own until they are certified


def sections_visible_to(person: Person) -> Select[ReturnSection]:
    """The receivers' sections that a person may see."""
    return select(ReturnSection).where(sights.return_sections_seen_by(person))


def is_ours(return_: Return, person: Person) -> bool:
    """Whether a person belongs to the provider's side: what is being written is theirs alone."""
    return bool(person.at(return_.provider_id, *permissions.GIVING))


def certified_words(return_: Return) -> dict[str, str]:
    """What was certified last, by label: all that others than its provider read."""
    last = last_version(return_)
    return words_in(last.content) if last else {}


@dataclass(frozen=True)
class Spoken:
    """A receiver of the quarter, and the section about it once there is one."""

    receiver: Authority
    section: ReturnSection | None


def spoken_of(return_: Return) -> list[Spoken]:
    known = {one.receiver_id: one for one in return_.sections}
    return [Spoken(one, known.get(one.id)) for one in receivers_of(return_)]


def returns_visible_to(person: Person) -> Select[Return]:
    """The returns that a person may see."""
    return select(Return).where(sights.returns_seen_by(person))


def listed(
    person: Person,
    *,
    search: str = "",
    quarter: Quarter | None = None,
    state: ReturnState | None = None,
) -> list[Return]:
    """Returns of a person, newest quarter first, then by provider and programme."""
    chosen = returns_visible_to(person).options(selectinload(Return.versions))
    if quarter is not None:
        chosen = chosen.where(Return.quarter == quarter)
    if state is not None:
        chosen = chosen.where(Return.state == state)
    found = db.session.scalars(chosen).unique()
    words = search.casefold().split()
    spoken = [r for r in found if all(word in r.title.casefold() for word in words)]
    return sorted(spoken, key=lambda r: (-r.quarter.ordinal, r.provider.name, r.programme.name))


def quarters_of(person: Person) -> list[Quarter]:
    """The quarters that a person's returns are about, newest first."""
    seen = select(Return.quarter).where(sights.returns_seen_by(person)).distinct()
    return sorted(db.session.scalars(seen), reverse=True)


def due_on(return_: Return) -> date:
    return clock.return_due(return_.quarter)


def programmes() -> Select[Programme]:
    return select(Programme)


def can(return_: Return, verb: str, person: Person) -> bool:
    return any(row.verb == verb for row in verbs_open_to(person, return_))


def is_being_made(return_: Return) -> bool:
    return return_.state not in (*FINISHED, ReturnState.JOINED)


def behind_now(return_: Return) -> Behind:
    """The records behind its figures as they stand now."""
    return behind(return_.provider_id, return_.programme_id, return_.quarter)


def readable_offers(behind: Behind, person: Person) -> set[int]:
    """Ids of those offers behind a return that a person can still open."""
    ids = [one.id for one in behind.offers]
    return set(
        db.session.scalars(select(Offer.id).where(Offer.id.in_(ids), sights.offers_seen_by(person)))
    )


def version_of(return_: Return, number: int) -> ReturnVersion | None:
    return next((version for version in return_.versions if version.number == number), None)


def last_version(return_: Return) -> ReturnVersion | None:
    return return_.versions[-1] if return_.versions else None


@dataclass(frozen=True)
class Shown:
    """A return as its page shows it: as certified once it is submitted, as it stands before."""

    figures: Figures
    version: ReturnVersion | None
    changes: list[Change]


def shown(return_: Return, person: Person) -> Shown:
    """The figures to show, and what the records say differently from the last certified version."""
    content = content_now(return_)
    now = Figures.from_content(content["figures"])
    last = last_version(return_)
    if last is not None and not is_ours(return_, person):
        content |= {name: last.content[name] for name in PRIVATE if name in last.content}
    differs = changes(last.content, content) if last else []
    if last is not None and return_.state in FINISHED:
        return Shown(figures_in(last), last, differs)
    return Shown(now, None, differs)


def changes_in(version: ReturnVersion) -> list[Change]:
    """What a version changed against the one before it; nothing for the first."""
    before = version_of(version.return_, version.number - 1)
    return changes(before.content, version.content) if before else []


def previous_of(return_: Return) -> Return | None:
    """The provider's latest earlier return in the programme: where words come from."""
    return previous(return_.provider_id, return_.programme_id, return_.quarter)


def previous(provider_id: int, programme_id: int, quarter: Quarter) -> Return | None:
    earlier = select(Return).where(
        Return.provider_id == provider_id,
        Return.programme_id == programme_id,
        Return.quarter < quarter,
    )
    return db.session.scalars(earlier.order_by(Return.quarter.desc()).limit(1)).first()


@dataclass(frozen=True)
class Startable:
    """A return that is expected of a provider and not started yet."""

    provider_id: int
    provider: str
    programme: Programme
    quarter: Quarter


def startable_by(person: Person) -> list[Startable]:
    """The returns that a person may start: of quarters that are over, newest first."""
    giving = {m.authority_id: m.place for m in person.holding(*permissions.GIVING)}
    if not giving:
        return []
    programmes = {programme.id: programme for programme in programmes_with_returns()}
    quarters = [clock.this_quarter() - back for back in range(1, LOOK_BACK + 1)]
    over = [quarter for quarter in quarters if clock.return_opens(quarter) <= clock.today()]
    started = select(Return.programme_id, Return.quarter, Return.provider_id).where(
        Return.provider_id.in_(giving), Return.quarter.in_(over)
    )
    known = {tuple(row) for row in db.session.execute(started)}
    wanted = [
        Startable(provider_id, giving[provider_id], programmes[programme_id], quarter)
        for (programme_id, quarter), providers in expected(programmes, over).items()
        for provider_id in providers & giving.keys()
        if (programme_id, quarter, provider_id) not in known
    ]
    return sorted(wanted, key=lambda s: (-s.quarter.ordinal, s.programme.name, s.provider))
