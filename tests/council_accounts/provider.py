"""A council's sign-in as a process of its own: `python -m tests.council_accounts.provider`.

It is oidc-provider-mock (clients registered, nonces asked for), and here it also holds clients to
PKCE and says when somebody signed in, which that does not. Prints its port.
"""

from __future__ import annotations

import sys
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Flask, Response, g, request
from werkzeug.serving import make_server


def made() -> Flask:
    app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
    challenges: dict[str, str] = {}

    @app.before_request
    def say_when() -> None:
        if request.path == "/oauth2/authorize" and request.method == "POST":
            users = g.oidc_provider_mock_storage
            if user := users.get_user(request.form.get("sub", "")):
                user.claims["auth_time"] = int(time())

    @app.before_request
    def check_verifier() -> tuple[dict[str, Any], int] | None:
        if request.path != "/oauth2/token":
            return None
        wanted = challenges.pop(request.form.get("code", ""), None)
        shown = create_s256_code_challenge(request.form.get("code_verifier", ""))
        return None if shown == wanted else ({"error": "invalid_grant"}, 400)

    @app.after_request
    def remember_challenge(answer: Response) -> Response:
        query = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
        if request.path == "/oauth2/authorize" and "code" in query:
            assert request.args["code_challenge_method"] == "S256"
            challenges[query["code"][0]] = request.args["code_challenge"]
        return answer

    return app


def main() -> None:
    server = make_server("127.0.0.1", 0, made(), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
