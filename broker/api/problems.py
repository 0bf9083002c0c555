"""What goes wrong under /api, as problem details (RFC 9457), for programs to read."""

from __future__ import annotations

import json

from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

KEPT = {"allow", "retry-after", "www-authenticate"}
WORDS = {
    400: "A parameter is not right.",
    401: "This needs a token that is in use: 'Authorization: Bearer' and the token.",
    403: "This token may not read that.",
    404: "There is no such record or address for you.",
    405: "This only takes GET.",
    406: "This answers in application/json alone: let Accept allow it.",
    429: "Too many requests: wait as long as Retry-After says.",
    500: "Something of ours broke. Nothing was changed.",
}


def is_for_programs() -> bool:
    return request.path.startswith("/api/")


def problem(status: int, detail: str = "") -> Response:
    """A problem as JSON."""
    title = HTTP_STATUS_CODES.get(status, "Error")
    detail = detail or WORDS.get(status, title)
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    answer = Response(json.dumps(said), status, content_type="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def problem_of(error: HTTPException) -> Response:
    """An HTTP error as a problem; words that we gave it ourselves are kept, and its own headers."""
    own = error.description if error.description != type(error).description else ""
    return with_its_headers(problem(error.code or 500, own or ""), error)


def with_its_headers(answer: Response, error: HTTPException) -> Response:
    """An answer with what an error says in its headers: how long to wait, what is allowed."""
    for name, value in error.get_headers():
        if name.lower() in KEPT:
            answer.headers[name] = value
    return answer
