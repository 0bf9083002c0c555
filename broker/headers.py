"""What every answer tells browsers to refuse, and what they and those between may keep."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

CSP = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'; img-src 'self' data:"
)
A_YEAR = 31536000
NOT_ASKED_FOR = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
EVERY_ANSWER = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOT_ASKED_FOR),
}
ONLY_BY_HTTPS = f"max-age={A_YEAR}; includeSubDomains"


def init_app(app: Flask) -> None:
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    response.headers.update(EVERY_ANSWER)
    if current_app.config["SETTINGS"].is_live:
        response.headers["Strict-Transport-Security"] = ONLY_BY_HTTPS
    if request.endpoint == "account.sign_out":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    _say_what_is_kept(response)
    return response


def _say_what_is_kept(response: Response) -> None:
    """What is for one person is kept by nobody; other pages carry a token of their visitor's, so
    that only the visitor's own browser keeps them, and asks again."""
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    elif g.get("person"):
        response.headers["Cache-Control"] = "private, no-store"
    elif request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
