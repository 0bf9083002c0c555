"""Questions about one's own sign-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from broker import sessions
from broker.account import door, second_step
from broker.events import history_of
from broker.models.event import Event
from broker.models.person import Person
from broker.models.sign_in import SecondStep, SignInEvent, SignInSession


@dataclass(frozen=True)
class OwnSignIn:
    """What the page shows."""

    step: SecondStep | None
    needs_step: bool
    codes_left: int
    sessions: Sequence[SignInSession]
    happened: Sequence[SignInEvent]
    changes: Sequence[Event]


def own_sign_in(person: Person) -> OwnSignIn:
    return OwnSignIn(
        step=second_step.of(person),
        needs_step=second_step.is_needed(person),
        codes_left=second_step.codes_left(person),
        sessions=sessions.open_sessions(person),
        happened=door.history(person),
        changes=history_of(person)[:20],
    )


def sessions_of(person: Person) -> Select[SignInSession]:
    """A person's own sessions, for finding one."""
    return select(SignInSession).filter_by(person_id=person.id, ended_at=None)
