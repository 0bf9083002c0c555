"""A process that sends what waits and dies with its nth message taken but not marked (0: never).

The second argument says how many minutes past nine it is.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime, timedelta

from broker import clock, create_app, mail, outbox

MORNING = datetime(2026, 11, 20, 9, tzinfo=clock.LONDON)


def main(dies_at: int, minutes: int) -> None:
    marked, mark = [], outbox.mark_sent

    def mark_or_die(message_id: int) -> None:
        marked.append(message_id)
        if len(marked) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        mark(message_id)

    outbox.mark_sent = mark_or_die
    with create_app().app_context(), clock.set_to(MORNING + timedelta(minutes=minutes)):
        mail.send_waiting()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
