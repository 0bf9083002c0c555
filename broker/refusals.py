"""What goes wrong, as pages in plain words."""

from __future__ import annotations

from flask import Flask, Response, current_app, g
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from broker.api.problems import is_for_programs, problem, problem_of
from broker.db import db
from broker.errors import Refused
from broker.web import render, says_no

PAGES = {400, 403, 404, 405, 413, 429, 500}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, says_no)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _stale_form(error: CSRFError) -> tuple[str, int]:
    return render("errors/400.html"), 400


def _http(error: HTTPException) -> tuple[str, int] | Response | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    if is_for_programs():
        return problem_of(error)
    page = code if code in PAGES else 400
    return render(f"errors/{page}.html"), code


def _unforeseen(error: Exception) -> tuple[str, int] | Response:
    """Something of ours broke: keep the trace in the log, and nothing of it on the page."""
    current_app.logger.exception("unforeseen error")
    db.session.rollback()
    g.person = None
    number = g.get("request_id", "")
    if current_app.testing:
        raise error
    if is_for_programs():
        return problem(500)
    return render("errors/500.html", request_id=number), 500
