"""Errors reported to Sentry, where SENTRY_DSN names one: what broke, and nothing anybody typed.

A report holds the kind of error, the lines of code it went through, the endpoint and the number of
the request, which the page of the error shows too. Words of errors, values of variables, addresses,
headers, cookies, forms, people and earlier log lines stay here.
"""

from __future__ import annotations

from typing import Any

import sentry_sdk
from flask import g, has_request_context, request
from sentry_sdk.integrations.flask import FlaskIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.transport import Transport

KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "logger")
KEPT_OF_A_LINE = ("filename", "module", "function", "lineno", "in_app")


def begin(dsn: str, *, transport: type[Transport] | None = None) -> None:
    """Report from here on. Raises BadDsn for what is no address of a project."""
    sentry_sdk.init(
        dsn=dsn,
        transport=transport,
        default_integrations=False,
        integrations=[FlaskIntegration(), LoggingIntegration(level=None)],
        before_send=bare,
        before_breadcrumb=lambda _crumb, _hint: None,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        server_name="",
    )


def bare(event: Any, _hint: Any) -> Any:
    """What may leave of a report."""
    told = {name: event[name] for name in KEPT if name in event}
    if has_request_context():
        told["transaction"] = request.endpoint or "none"
        told["tags"] = {"request": g.get("request_id", "none"), "method": request.method}
    broken = event.get("exception", {}).get("values", [])
    if broken:
        told["exception"] = {"values": [_kind_and_lines(one) for one in broken]}
    if said := event.get("logentry"):
        told["logentry"] = {"message": said["message"]}  # the code's own words, without values
    return told


def _kind_and_lines(broken: Any) -> dict[str, Any]:
    frames = (broken.get("stacktrace") or {}).get("frames", [])
    lines = [{name: frame.get(name) for name in KEPT_OF_A_LINE} for frame in frames]
    return {
        "type": broken.get("type"),
        "module": broken.get("module"),
        "stacktrace": {"frames": lines},
    }
