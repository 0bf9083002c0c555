"""What goes wrong, as pages in plain words."""

from __future__ import annotations

from flask import Flask, Response, current_app, g
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree
from werkzeug.exceptions import HTTPException, SecurityError

from broker.api.problems import is_for_programs, problem, problem_of, with_its_headers
from broker.db import db
from broker.errors import Refused
from broker.proof import NotProved
from broker.web import prove_first, render, says_no

ELSEWHERE = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>That did not go through</title>'
    "<h1>That did not go through</h1><p>This service does not answer by the name in that address."
)
PAGES = {400, 403, 404, 405, 413, 429, 500}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, says_no)
    app.register_error_handler(NotProved, prove_first)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    for kind in (OperationalError, InterfaceError, NoneFree):
        app.register_error_handler(kind, _database_busy)
    app.register_error_handler(Exception, _unforeseen)


def _stale_form(error: CSRFError) -> tuple[str, int]:
    return render("errors/400.html"), 400


def _http(error: HTTPException) -> Response | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if is_for_programs():
        return problem_of(error)
    if isinstance(error, SecurityError):  # another site's name: there are no addresses to link to
        return Response(ELSEWHERE, code)
    page = code if code in PAGES else 400
    seconds = getattr(error, "retry_after", None)
    answer = Response(render(f"errors/{page}.html", seconds=seconds), code)
    return with_its_headers(answer, error)


def _database_busy(error: Exception) -> tuple[str, int, dict[str, str]] | Response:
    """The database restarts, has no room, or others held something for too long."""
    current_app.logger.error("the database did not do it", exc_info=error)
    number = _let_go()
    if is_for_programs():
        return problem(503)
    return render("errors/busy.html", request_id=number), 503, {"Retry-After": "30"}


def _let_go() -> str:
    """Have no more to do with the database, nor with who asks; the request's number."""
    try:
        db.session.rollback()
    except SQLAlchemyError:  # it is gone
        db.session.remove()
    g.person = None
    number: str = g.get("request_id", "")
    return number


def _unforeseen(error: Exception) -> tuple[str, int] | Response:
    """Something of ours broke: keep the trace in the log, and nothing of it on the page."""
    current_app.logger.exception("unforeseen error")
    number = _let_go()
    if current_app.testing:
        raise error
    if is_for_programs():
        return problem(500)
    return render("errors/500.html", request_id=number), 500
