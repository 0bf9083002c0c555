"""A process of its own, for tests of processes: `python -m tests.racer DATABASE VAR DEED MATCH`.

It says 'ready', waits for a line to begin, and says what came of it.
"""

from __future__ import annotations

import sys
import time

from broker import create_app
from broker.db import db, transaction
from broker.errors import NotPossible
from broker.matches import actions as matches
from broker.models.match import Match
from tests import people


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def agree(match_id: int) -> None:
    """The giving director agrees."""
    matches.agree(db.session.get_one(Match, match_id), by=people.person("giver"))


def agree_and_hang(match_id: int) -> None:
    """Agree, and never get to the end of the transaction."""
    agree(match_id)
    say("in the middle")
    time.sleep(600)


def main(database: str, var: str, deed: str, match_id: str) -> None:
    app = create_app({"MODE": "test", "DATABASE_URL": database, "VAR": var, "TODAY": "2026-11-20"})
    with app.app_context():
        seen = db.session.get_one(Match, int(match_id))
        assert seen.days and seen.need.title  # loaded before the race begins
        db.session.rollback()
        say("ready")
        sys.stdin.readline()
        try:
            with transaction():
                {"agree": agree, "hang": agree_and_hang}[deed](int(match_id))
            say("agreed")
        except NotPossible as refused:
            say(f"refused: {refused.words}")


if __name__ == "__main__":
    main(*sys.argv[1:])
