"""Questions about recordings, from what the person may see."""

from __future__ import annotations

from sqlalchemy import Select, select

from broker.db import db
from broker.models.authority import Authority
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.models.person import Person
from broker.models.programme import Programme
from broker.models.recording import Recording, RecordingState
from broker.needs.queries import themes
from broker.permissions import GIVING, RECEIVING
from broker.recordings.sheet import Known
from broker.sights import recordings_seen_by
from broker.taking import verbs_open_to


def recordings_visible_to(person: Person | None) -> Select[Recording]:
    return select(Recording).where(recordings_seen_by(person))


def listed(person: Person, *, words: str, state: RecordingState | None) -> list[Recording]:
    """The newest first; every word stands in the title or in one of the names."""
    wanted = recordings_visible_to(person).order_by(Recording.id.desc())
    if state is not None:
        wanted = wanted.where(Recording.state == state)
    terms = words.casefold().split()
    found = db.session.scalars(wanted).unique()
    return [one for one in found if all(term in _text(one) for term in terms)]


def _text(recording: Recording) -> str:
    places = (recording.provider.name, recording.receiver.name)
    return " ".join((recording.title, *places)).casefold()


def drafts_of(person: Person) -> list[Recording]:
    """What this person may send to the other sides now."""
    written = (RecordingState.BEING_WRITTEN, RecordingState.SENT_BACK)
    mine = recordings_visible_to(person).where(Recording.state.in_(written)).order_by(Recording.id)
    found = db.session.scalars(mine).unique()
    return [one for one in found if "send" in {r.verb for r in verbs_open_to(person, one)}]


def parts_of(person: Person) -> dict[str, tuple[Authority, Side]]:
    """For whom a person may record, and in which part: 'provider-35' → (Leeds, provider)."""
    found: dict[str, tuple[Authority, Side]] = {}
    for side, roles in ((Side.PROVIDER, GIVING), (Side.RECEIVER, RECEIVING)):
        for held in person.holding(*roles):
            if held.authority is not None:
                found[f"{side.value}-{held.authority.id}"] = held.authority, side
    return found


def authorities() -> list[Authority]:
    standing = select(Authority).where(Authority.ended_on.is_(None)).order_by(Authority.name)
    return list(db.session.scalars(standing).unique())


def programmes() -> list[Programme]:
    return list(db.session.scalars(select(Programme).order_by(Programme.id)))


def partnership_of(recording: Recording) -> int | None:
    """The id of the partnership that it became."""
    made = select(Partnership.id).where(Partnership.match_id == recording.match_id)
    return db.session.scalar(made) if recording.match_id is not None else None


def known_to(person: Person) -> Known:
    """What the names in a sheet of this person's may mean."""
    return Known(
        own={(one.name.casefold(), side): one for one, side in parts_of(person).values()},
        authorities={one.name.casefold(): one for one in authorities()},
        programmes={one.name.casefold(): one for one in programmes()},
        themes={one.name.casefold(): one for one in themes()},
    )
