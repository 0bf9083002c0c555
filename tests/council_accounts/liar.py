"""A council's sign-in on loopback that says whatever a test has it say, signed by its own key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "exchange", "a secret of both sides"
DOMAIN = "featured.demonstration.invalid"
Said = bytes | int | Callable[[Any], None]


class Liar:
    """`claims` are what its next ID token says beside the usual; `says` are answers, by path, in
    the place of the usual: bytes, a status, or a function that takes the handler."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.claims: dict[str, Any] = {}
        self.nonce = ""
        self.alg = "ES256"
        self.signed_by: Any = None
        self.shown: dict[str, Any] = {}
        self.says: dict[str, Said] = {}
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    def usual(self, path: str) -> dict[str, Any]:
        if path in ("/.well-known/openid-configuration", "/elsewhere"):
            places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            ends = {f"{name}_endpoint": f"{self.issuer}/{at}" for name, at in places.items()}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **ends}
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        if path == "/userinfo":
            return self.shown
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token()}

    def token(self) -> str:
        now = int(time())
        usual = {
            "iss": self.issuer, "sub": "one", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": self.nonce, "email": f"giver@{DOMAIN}", "email_verified": True,
        }  # fmt: skip
        claims = {name: said for name, said in (usual | self.claims).items() if said is not None}
        header = {"alg": self.alg, "kid": self.key.kid}
        return jwt.encode(header, claims, self.signed_by or self.key, algorithms=[self.alg])

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def running() -> Iterator[Liar]:
    class Handler(BaseHTTPRequestHandler):
        stop = Event()

        def do_GET(self) -> None:
            path, size = urlsplit(self.path).path, int(self.headers.get("Content-Length") or 0)
            liar.asked.append((path, parse_qs(self.rfile.read(size).decode())))
            said = liar.says.get(path)
            if callable(said):
                said(self)
                return
            body = said if isinstance(said, bytes) else json.dumps(liar.usual(path)).encode()
            self.send_response(said if isinstance(said, int) else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    liar = Liar(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield liar
    finally:
        Handler.stop.set()
        server.shutdown()
        thread.join()
        server.server_close()
