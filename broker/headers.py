"""What every answer tells browsers to refuse, and what they and those between may keep."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

CSP = (
    "default-src 'self'; base-uri 'none'; form-action 'self'{}; frame-ancestors 'none'; "
    "object-src 'none'; img-src 'self' data:"
)
# Pages with a button that leads on to a council's own sign-in. Browsers hold redirects after a
# form to form-action, too.
LEADING_ON = {
    "account.sign_in",
    "one_time_links.open",
    "own_sign_in.show",
    "own_sign_in.prove",
    "own_sign_in.kept",
}
A_YEAR = 31536000
NOT_ASKED_FOR = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
EVERY_ANSWER = {
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
    response.headers["Content-Security-Policy"] = CSP.format(_form_targets())
    if current_app.config["SETTINGS"].is_live:
        response.headers["Strict-Transport-Security"] = ONLY_BY_HTTPS
    if request.endpoint == "account.sign_out":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    _say_what_is_kept(response)
    return response


def _form_targets() -> str:
    """Where else forms of this page may lead: to councils' sign-ins that are set up, or nowhere."""
    if request.endpoint not in LEADING_ON:
        return ""
    providers = current_app.config["SETTINGS"].council_providers
    return "".join(f" {origin}" for provider in providers for origin in provider.origins)


def _say_what_is_kept(response: Response) -> None:
    """What is for one person is kept by nobody; other pages carry a token of their visitor's, so
    that only the visitor's own browser keeps them, and asks again."""
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    elif g.get("person"):
        response.headers["Cache-Control"] = "private, no-store"
    elif request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
