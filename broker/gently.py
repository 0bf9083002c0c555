"""Changing the schema of PostgreSQL while people read and write.

Who changes a table waits for those who read it, and everybody who comes later waits behind. So a
change waits for a second, steps aside for those who came meanwhile, and tries again; and each
migration holds what it locks until its own end, not the last one's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

WAITS, PAUSE, TRIES = 1.0, 1.0, 60  # seconds, seconds, times
BUSY = {"55P03", "40P01"}  # a lock was not to be had in time; two waited for each other
log = logging.getLogger(__name__)


def gently(engine: Engine, change: Callable[[Connection], None]) -> None:
    """Make a change that may be begun again: it keeps what is whole in transactions of its own, and
    the rest is undone. The last try's error is raised."""
    for tried in range(1, TRIES + 1):
        with engine.connect() as connection:
            try:
                _set_out(connection)
                change(connection)
                return
            except OperationalError as error:
                if tried == TRIES or getattr(error.orig, "sqlstate", None) not in BUSY:
                    raise
                log.warning("people are at work in a table that changes: trying again")
            finally:
                connection.invalidate()  # its limits are not for pages
        time.sleep(PAUSE)


def _set_out(connection: Connection) -> None:
    """As long as it needs to work, and hardly any time to wait."""
    if connection.dialect.name != "postgresql":
        return
    with connection.begin():
        connection.exec_driver_sql(f"SET lock_timeout = '{WAITS:.0f}s'")
        connection.exec_driver_sql("SET statement_timeout = 0")
