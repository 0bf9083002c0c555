"""One line of JSON for each request and for each slow statement, without personal data.

A line names the endpoint and never the address, the person, what was typed or a statement's
values; pages whose visitors are not to be traced leave no line at all. A line's request number
stands in the answer's X-Request-ID and on the page of an error.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter
from sqlalchemy import Engine, event

from broker.operations import measures
from broker.web import UNTRACED

requests = logging.getLogger("broker.requests")
statements = logging.getLogger("broker.statements")
for each in (requests, statements):
    each.addHandler(logging.NullHandler())  # unless a log is set up, nothing is printed
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
FIELDS = "{asctime}{levelname}{name}{message}"


def init_app(app: Flask) -> None:
    """Before everything else that begins or ends a request, so that all of it is timed."""
    app.before_request(begin)
    app.after_request(end)


def watch(engine: Engine, *, slow_seconds: float) -> None:
    """Count the statements of each request, and log those that take long."""
    event.listen(engine, "before_cursor_execute", _begin_statement)

    @event.listens_for(engine, "after_cursor_execute")
    def ended(_connection: Any, _cursor: Any, statement: str, *rest: Any) -> None:
        _end_statement(statement, rest[1], slow_seconds)


def to_standard_error() -> None:
    """Write what is logged as lines of JSON. For live use; elsewhere logs stay as they come."""
    handler = logging.StreamHandler(sys.stderr)
    renamed = {"asctime": "at", "levelname": "level", "name": "about", "message": "words"}
    handler.setFormatter(JsonFormatter(FIELDS, style="{", rename_fields=renamed))
    logging.getLogger().addHandler(handler)
    logging.getLogger("broker").setLevel(logging.INFO)


def begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
    g.began, g.statements = time.perf_counter(), 0


def end(response: Response) -> Response:
    if "began" not in g or request.endpoint in UNTRACED:
        return response
    endpoint, seconds = request.endpoint or "nowhere", time.perf_counter() - g.began
    response.headers["X-Request-ID"] = g.request_id
    measures.note(
        endpoint=endpoint,
        status=response.status_code,
        seconds=seconds,
        statements=g.statements,
    )
    line = {
        "request": g.request_id,
        "method": request.method,
        "endpoint": endpoint,
        "status": response.status_code,
        "ms": round(1000 * seconds, 1),
        "statements": g.statements,
    }
    requests.info("answered", extra=line)
    return response


def _begin_statement(
    _connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool
) -> None:
    context.began = time.perf_counter()
    if has_request_context():
        g.statements = g.get("statements", 0) + 1


def _end_statement(statement: str, context: Any, slow_seconds: float) -> None:
    seconds = time.perf_counter() - context.began
    if seconds < slow_seconds or (has_request_context() and request.endpoint in UNTRACED):
        return
    number = g.get("request_id", "") if has_request_context() else ""
    line = {"request": number, "ms": round(1000 * seconds, 1), "statement": statement[:2000]}
    statements.warning("slow", extra=line)
