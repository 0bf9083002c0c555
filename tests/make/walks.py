"""A scene is walked once; asked for again, what its walk wrote is written again.

The first time, a process walks a scene by the product's verbs and keeps the statements that wrote
something. Asked for the same scene again, of a database that stands as it stood then (fresh, or
after the same scenes and nothing else), it runs these statements again: a hundredth of a second
instead of half a one. After anything that a test does of its own, everything is walked.
`--walk-anew` walks always.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import wraps
from itertools import count
from typing import Any, ParamSpec, TypeVar

from flask import has_app_context
from sqlalchemy import Connection, Engine, event, func, inspect, select
from sqlalchemy.orm import DeclarativeBase

from broker import clock
from broker.clock import Quarter
from broker.db import db
from broker.models.event import Event

P = ParamSpec("P")
T = TypeVar("T")

MOST_KEPT = 600
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")
READS = ("SELECT", "PRAGMA", "BEGIN", "BEGIN ", "SAVEPO", "RELEAS", "ROLLBA", "SHOW T")
PLAIN = (str, bytes, int, float, date, Enum, Quarter, type(None))


@dataclass
class Walk:
    """What a scene wrote, when it was over, and what it gave back."""

    number: int
    statements: list[tuple[str, Any]] = field(default_factory=list)
    ended_at: datetime | None = None
    last_event: int = 0
    gave: Any = None


class Walks:
    """How the database of this process came to stand where it stands, and the walks it knows."""

    def __init__(self) -> None:
        self.are_kept = True
        self.known: OrderedDict[Any, Walk] = OrderedDict()
        self.numbers = count(1)
        self.first_event = 0
        self.stray()

    def watch(self, engine: Engine) -> None:
        """Note what is written through an engine whose database is a fresh copy."""
        with engine.connect() as connection:
            self.first_event = connection.scalar(LAST_EVENT) or 0
        event.listen(engine, "before_cursor_execute", self._note)
        event.listen(engine, "commit", self._committed)
        event.listen(engine, "rollback", self._rolled_back)
        event.listen(engine, "rollback_savepoint", lambda *_: self.stray())

    def begin_afresh(self) -> None:
        """The database is a fresh copy of the prepared one."""
        self.stray()
        self.way = 0 if self.are_kept else None
        self.last_event = self.first_event

    def stray(self) -> None:
        """Something else was done: nobody can tell any longer how the database stands."""
        self.way: Any = None  # the number of the walk that led here
        self.walking: Walk | None = None
        self.is_kept_by_database = True

    def _note(self, _c: Any, _cursor: Any, statement: str, params: Any, *_rest: Any) -> None:
        if self.way is None or _only_reads(statement):
            return
        self.is_kept_by_database = False
        if self.walking is None:
            self.stray()
        else:
            self.walking.statements.append((statement, params))
            self.way = (self.walking.number, len(self.walking.statements))

    def _committed(self, _connection: Connection) -> None:
        if self.walking is not None:
            self.stray()
        self.is_kept_by_database = True

    def _rolled_back(self, _connection: Connection) -> None:
        if self.walking is not None or not self.is_kept_by_database:
            self.stray()


LAST_EVENT = select(func.max(Event.id))
walks = Walks()


def walked_once(scene: Callable[P, T]) -> Callable[P, T]:
    """A scene that is walked the first time, and written again when it is asked for again."""

    @wraps(scene)
    def asked_for(*args: P.args, **kwargs: P.kwargs) -> T:
        if walks.way is None or not has_app_context() or _is_one_of_several():
            return scene(*args, **kwargs)
        db.session.flush()
        if walks.walking is None and _last_event() != walks.last_event:
            walks.stray()
        try:
            asked = (walks.way, scene.__module__, scene.__name__, _plain((args, kwargs)), _when())
        except TypeError:
            return scene(*args, **kwargs)
        if walks.way is not None and asked in walks.known:
            return _written_again(asked)
        return _walked(asked, lambda: scene(*args, **kwargs))

    return asked_for


def _is_one_of_several() -> bool:
    """In a race every runner walks: rows written again would have the same numbers for all."""
    return threading.current_thread() is not threading.main_thread()


def _only_reads(statement: str) -> bool:
    start = statement.lstrip()[:6].upper()
    return start in READS or (
        start.startswith("WITH ") and not any(word in statement.upper() for word in WRITES)
    )


def _when() -> datetime:
    """A stopped clock's moment; of one that runs on, its hour."""
    now = clock.now()
    return now if clock.is_stopped() else now.replace(minute=0, second=0, microsecond=0)


def _last_event() -> int:
    return db.session.scalar(LAST_EVENT) or 0


def _plain(value: Any) -> Any:
    """A value that can be compared, and found again, later: a record by its class and key.

    Raises TypeError when it cannot.
    """
    if isinstance(value, DeclarativeBase):
        state = inspect(value)
        if not state.persistent:
            raise TypeError("not in the database")
        return ("record", type(value), state.identity)
    if isinstance(value, Mapping):
        return ("mapping", tuple((_plain(name), _plain(one)) for name, one in value.items()))
    if isinstance(value, (tuple, list)):
        return (type(value), tuple(_plain(one) for one in value))
    if isinstance(value, PLAIN):
        return ("plain", type(value), value)
    raise TypeError(f"{type(value)} may change")


def _found(plain: Any) -> Any:
    """What `_plain` made plain."""
    match plain:
        case ("record", kind, key):
            return db.session.get_one(kind, key)
        case ("mapping", items):
            return {_found(name): _found(one) for name, one in items}
        case ("plain", _, value):
            return value
    kind, parts = plain
    return kind(_found(part) for part in parts)


def _walked(asked: Any, scene: Callable[[], T]) -> T:
    outer, walk = walks.walking, Walk(next(walks.numbers))
    if walks.way is not None:
        walks.walking = walk
    try:
        gave = scene()
        db.session.flush()
        plain = _plain(gave)
    except BaseException:
        walks.stray()
        raise
    if walks.walking is walk:  # else something else was done on the way
        walks.walking = outer
        walk.ended_at, walk.last_event, walk.gave = clock.now(), _last_event(), plain
        walks.known[asked] = walk
        if len(walks.known) > MOST_KEPT:
            walks.known.popitem(last=False)
        _went(walk)
    return gave


def _went(walk: Walk) -> None:
    """The database stands after this walk; a walk around it went all its steps too."""
    walks.way, walks.last_event = walk.number, walk.last_event
    if walks.walking is not None:
        walks.walking.statements += walk.statements


def _written_again(asked: Any) -> Any:
    walk = walks.known[asked]
    walks.known.move_to_end(asked)
    cursor = db.session.connection().connection.cursor()
    for statement, params in walk.statements:
        (cursor.executemany if isinstance(params, list) else cursor.execute)(statement, params)
    cursor.close()
    walks.is_kept_by_database = walks.is_kept_by_database and not walk.statements
    db.session.expire_all()
    _no_earlier_than(walk.ended_at)
    assert _last_event() == walk.last_event, "the scene did not come out as it did before"
    _went(walk)
    return _found(walk.gave)


def _no_earlier_than(moment: datetime | None) -> None:
    if moment is not None and clock.now() < moment:
        local = moment.astimezone(clock.LONDON)
        clock.anchor_to(local.date(), at=local.time())
