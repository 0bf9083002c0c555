"""A process that kills others: `python -m tests.killer DATABASE VAR EVERY`.

For each deed, and for every n (or EVERY-th), a child does the deed and is killed (SIGKILL) just
before its n-th statement, before its commit, and just after it. Each time the exchange must be as
it was, or the deed must be wholly done. Says each deed with the number of kills.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from sqlalchemy import event as sql
from sqlalchemy import func, select

from broker import create_app, events, ledger, ledger_check
from broker.clock import this_quarter
from broker.db import begin_writing, db, transaction
from broker.matches import actions as matches
from broker.models.event import Event
from broker.models.ledger import LedgerEntry
from broker.models.match import Match, MatchState
from broker.models.partnership import Partnership
from broker.models.return_ import Return, ReturnState, ReturnVersion
from broker.models.work import Message
from broker.partnerships import actions as partnerships
from broker.returns import actions as returns
from broker.returns import settling
from tests import make, people
from tests.make import DAY

Sizes = tuple[int, ...]
COUNTED = (LedgerEntry, Event, Message, Partnership, ReturnVersion)


def _agreed() -> Match:
    return db.session.scalars(select(Match).filter_by(state=MatchState.AGREED)).unique().one()


def _own() -> Partnership:
    mine = select(Partnership).filter_by(programme_id=people.programme().id)
    return db.session.scalars(mine.order_by(Partnership.id)).unique().first()


def approve() -> None:
    matches.approve(_agreed(), by=people.person("coordinator"))


def move() -> None:
    partnerships.move_days(
        _own(),
        source=make.next_quarter(),
        target=make.next_quarter() + 1,
        quarter_days=3 * DAY,
        by=people.person("giver"),
    )


def certify() -> None:
    """Carries the first partnership's days and releases the second's."""
    written = db.session.scalars(select(Return)).unique().one()
    first, second = settling.due_in(written)
    choices = {first.partnership.id: this_quarter(), second.partnership.id: None}
    returns.certify(written, choices=choices, by=people.person("giver"))


def is_approved() -> bool:
    states = set(db.session.scalars(select(Match.state)))
    return states == {MatchState.APPROVED}


def is_moved() -> bool:
    held = ledger.balances_of_match(_own().match_id)
    return [held[q].committed for q in sorted(held)] == [5 * DAY, 3 * DAY]


def is_certified() -> bool:
    written = db.session.scalars(select(Return)).unique().one()
    return written.state is ReturnState.SUBMITTED and settling.due_in(written) == []


DEEDS: tuple[tuple[Callable[[], None], Callable[[], bool]], ...] = (
    (approve, is_approved),
    (move, is_moved),
    (certify, is_certified),
)


def sizes() -> Sizes:
    with_rows = (select(func.count()).select_from(model) for model in COUNTED)
    return tuple(db.session.scalar(count) or 0 for count in with_rows)


def let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def killed_at(number: int, do: Callable[[], None]) -> bool:
    """Whether a child that does a deed died at its n-th step; False when it came to its end."""
    child = os.fork()
    if child == 0:
        _do_and_die(number, do)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, f"the child ended with {status}"
    return False


def _do_and_die(number: int, do: Callable[[], None]) -> None:
    left = number

    def step(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sql.listen(db.engine, "before_cursor_execute", step)
    sql.listen(db.engine, "commit", step)
    sql.listen(db.session, "after_commit", step)
    try:
        with transaction():
            do()
    except BaseException as error:
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def steps_of(do: Callable[[], None]) -> int:
    """How many statements a deed takes. It is done and let go, so that the children need not work
    out its statements anew."""
    seen: list[object] = []

    def note(*_: object) -> None:
        seen.append(None)

    sql.listen(db.engine, "before_cursor_execute", note)
    begin_writing()
    do()
    sql.remove(db.engine, "before_cursor_execute", note)
    let_go()
    return len(seen)


def check() -> None:
    assert list(ledger_check.problems()) == [] and list(events.verify()) == []


def kill(do: Callable[[], None], is_done: Callable[[], bool], *, every: int) -> int:
    """Kill at every n-th step, and around the commit; how often until it was done."""
    last = steps_of(do)
    numbers = [*range(1, last, every), last, last + 1, last + 2]
    before, kills = sizes(), 0
    while not is_done():
        let_go()
        died = killed_at(numbers[kills], do)
        kills += 1
        assert is_done() or (died and sizes() == before), f"half done: kill {kills}"
    check()
    assert is_done() and all(n > m for n, m in zip(sizes()[:3], before[:3], strict=True))
    let_go()
    return kills


def main(database: str, var: str, every: str) -> None:
    app = create_app({"MODE": "test", "DATABASE_URL": database, "VAR": var, "TODAY": "2027-01-05"})
    with app.app_context():
        for do, is_done in DEEDS:
            kills = kill(do, is_done, every=int(every))
            sys.stdout.write(f"{do.__name__} {kills}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
