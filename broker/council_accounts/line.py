"""Asking a council's sign-in, so that whatever it does holds nobody up for long.

It has so many seconds, and so much to say, and is never followed to somewhere else. Its own answers
about itself (endpoints, keys) are kept for an hour; when it is silent it is not asked again for
some seconds, and people are told at once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from broker.council_providers import CouncilProvider

TO_CONNECT, TO_ANSWER = 3.0, 5.0  # seconds
AT_MOST = 8.0  # seconds for all of an answer
LARGEST = 256 * 1024  # bytes
KEPT, RESTS = 3600.0, 10.0  # seconds
log = logging.getLogger(__name__)


class Silent(Exception):
    """A provider does not answer, or says what nobody can read; `why` is for the log."""


class Refused(Exception):
    """What came back does not show who somebody is; `why` is for the log, without their data."""


class Careful(HTTPAdapter):
    """Reads an answer whole, within its time and size."""

    def send(self, request: PreparedRequest, *_args: Any, **more: Any) -> Response:
        allowed = {name: more[name] for name in ("verify", "cert", "proxies") if name in more}
        answer = super().send(request, stream=True, timeout=(TO_CONNECT, TO_ANSWER), **allowed)
        try:
            body = _read(answer)
        except HTTPError as error:
            raise RequestException(str(error)) from error
        finally:
            answer.raw.close()
        answer.raw = BytesIO(body)
        return answer


def _read(answer: Response) -> bytes:
    body, ends = b"", monotonic() + AT_MOST
    while part := answer.raw.read1(LARGEST, decode_content=True):
        body += part
        if len(body) > LARGEST or monotonic() > ends:
            raise RequestException("too long an answer")
    return body


@contextmanager
def line(provider: CouncilProvider, **options: Any) -> Iterator[Any]:
    """A session of authlib's that asks one provider; what goes wrong on the way is Silent."""
    careful = Careful()
    with OAuth2Session(provider.client_id, provider.client_secret, **options) as session:
        session.mount("https://", careful)
        session.mount("http://", careful)
        try:
            yield session
        except (RequestException, ValueError) as error:
            raise Silent(type(error).__name__) from error


@dataclass(frozen=True)
class Known:
    """What a provider says of itself: where things are, and its keys."""

    authorization: str
    token: str
    userinfo: str
    login_method: str
    keys: KeySet


@dataclass
class Memory:
    """What one process remembers of providers, by their keys."""

    known: dict[str, tuple[float, Known]] = field(default_factory=dict)
    silent: dict[str, float] = field(default_factory=dict)


def init_app(app: Any) -> None:
    app.extensions["council_accounts"] = Memory()


def about(provider: CouncilProvider, *, afresh: bool = False) -> Known:
    """What a provider says of itself, as it was last asked. Silent where it does not answer."""
    memory: Memory = current_app.extensions["council_accounts"]
    now = monotonic()
    asked, known = memory.known.get(provider.key, (0.0, None))
    if known is not None and now - asked < (RESTS if afresh else KEPT):
        return known
    if now < memory.silent.get(provider.key, 0.0):
        raise Silent("it was silent just now")
    try:
        known = _discover(provider)
    except Silent:
        memory.silent[provider.key] = monotonic() + RESTS
        raise
    memory.known[provider.key] = (monotonic(), known)
    return known


def _discover(provider: CouncilProvider) -> Known:
    with line(provider) as session:
        says = get(session, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        if says.get("issuer") != provider.issuer:
            raise Silent("it names another issuer")
        keys = get(session, _endpoint(provider, says, "jwks_uri"))
    authorization = _endpoint(provider, says, "authorization_endpoint")
    if _origin(authorization) not in provider.origins:
        raise Silent(f"{_origin(authorization)} stands neither in its ISSUER nor in its HOSTS")
    return Known(
        authorization=authorization,
        token=_endpoint(provider, says, "token_endpoint"),
        userinfo=_endpoint(provider, says, "userinfo_endpoint") if _has_userinfo(says) else "",
        login_method=_login_method(says),
        keys=_keys(keys),
    )


def get(session: Any, address: str, **more: Any) -> dict[str, Any]:
    """A JSON object from an address. Silent for anything else."""
    answer = session.request("GET", address, allow_redirects=False, withhold_token=True, **more)
    if answer.status_code != 200:
        raise Silent(f"it answered {answer.status_code}")
    said = json.loads(answer.content)
    if not isinstance(said, dict):
        raise Silent("it answered no object")
    return said


def _has_userinfo(says: Mapping[str, Any]) -> bool:
    return bool(says.get("userinfo_endpoint"))


def _endpoint(provider: CouncilProvider, says: Mapping[str, Any], name: str) -> str:
    """An address that it names: by https, as its issuer's is."""
    address = str(says.get(name))
    is_plain = address.isascii() and address.isprintable()
    if not is_plain or urlsplit(address).scheme not in ("https", urlsplit(provider.issuer).scheme):
        raise Silent(f"it names no safe {name}")
    return address


def _origin(address: str) -> str:
    url = urlsplit(address)
    return f"{url.scheme}://{url.netloc.lower()}"


def _login_method(says: Mapping[str, Any]) -> str:
    """How we show it that we are its client: with the secret in a header, else in the form."""
    methods = says.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    for method in ("client_secret_basic", "client_secret_post"):
        if method in methods:
            return method
    raise Silent("it takes no client secret")


def _keys(said: Any) -> KeySet:
    try:
        return KeySet.import_key_set(said)
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise Silent("its keys cannot be read") from error


def exchange(provider: CouncilProvider, *, code: str, verifier: str, back: str) -> dict[str, Any]:
    """Tokens for a code. Refused where it takes the code, or us, for wrong."""
    known = about(provider)
    options = {"redirect_uri": back, "token_endpoint_auth_method": known.login_method}
    with line(provider, **options) as session:
        try:
            got = session.fetch_token(
                known.token,
                code=code,
                code_verifier=verifier,
                grant_type="authorization_code",
                allow_redirects=False,
            )
        except AuthlibBaseError as error:
            raise Refused(f"the code: {error.error}"[:60]) from error
    return dict(got)


def userinfo(provider: CouncilProvider, access_token: str) -> dict[str, Any]:
    """What it says about somebody whose token does not say it."""
    if not (address := about(provider).userinfo):
        return {}
    bearer = {"Authorization": f"Bearer {access_token}"}
    with line(provider) as session:
        return get(session, address, headers=bearer)
