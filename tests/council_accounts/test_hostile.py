"""What comes back and does not hold opens nothing; and nobody waits on a silent provider."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, time
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey

from broker import clock
from broker.council_accounts import line
from tests.client import PageClient
from tests.council_accounts.conftest import settings, use
from tests.council_accounts.liar import CLIENT, SECRET, Liar
from tests.council_accounts.test_coming_in import accounts, is_in
from tests.council_accounts.ways import arrive, back, come_in, go_out, leave

Lie = Callable[[Liar], object]


def _unsigned(liar: Liar) -> None:
    head, body, _ = liar.token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    liar.says["/token"] = _tokens(f"{none}.{body}.")


def _by_the_shared_secret(liar: Liar) -> None:
    liar.alg, liar.signed_by = "HS256", OctKey.import_key(SECRET * 3)


def _by_another_key(liar: Liar) -> None:
    liar.signed_by = ECKey.generate_key("P-256", {"kid": "one"})


def _changed(liar: Liar) -> None:
    head, body, sign = liar.token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "==")) | {"sub": "other"}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    liar.says["/token"] = _tokens(f"{head}.{body}.{sign}")


def _tokens(id_token: object) -> bytes:
    return json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": id_token}).encode()


def claiming(**claims: Any) -> Lie:
    return lambda liar: liar.claims.update(claims)


def dated(**seconds: int) -> Lie:
    """Claims of moments, in seconds from when it is told."""
    return lambda liar: liar.claims.update({k: int(time()) + s for k, s in seconds.items()})


def token_says(said: bytes | int) -> Lie:
    return lambda liar: liar.says.update({"/token": said})


REFUSED: dict[str, Lie] = {
    "a wrong nonce": claiming(nonce="another"),
    "no nonce": claiming(nonce=None),
    "another audience": claiming(aud="another"),
    "several audiences, for another": claiming(aud=[CLIENT, "another"], azp="another"),
    "another issuer": claiming(iss="https://elsewhere.example"),
    "expired beyond the skew": dated(exp=-65),
    "issued in time to come": dated(iat=600),
    "never expires": claiming(exp=None),
    "not a time": claiming(exp="never"),
    "no subject": claiming(sub=None),
    "an empty subject": claiming(sub=""),
    "a subject that is a list": claiming(sub=["one"]),
    "a subject too long": claiming(sub="x" * 256),
    "unsigned": _unsigned,
    "signed with the shared secret": _by_the_shared_secret,
    "signed by another key": _by_another_key,
    "changed after signing": _changed,
    "a code that was used": token_says(b'{"error": "invalid_grant"}'),
    "no ID token": token_says(b'{"access_token": "x"}'),
    "an ID token that is none": token_says(_tokens("x.y.z")),
    "an ID token that is a number": token_says(_tokens(7)),
}


@pytest.mark.parametrize("lie", REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_hold_is_refused(
    client: PageClient, liar: Liar, lie: Lie, caplog: pytest.LogCaptureFixture
) -> None:
    asked = leave(client, liar)
    lie(liar)
    with caplog.at_level(logging.WARNING):
        assert "That did not show who you are" in arrive(client, asked, 403)
    assert accounts() == [] and not is_in(client)
    assert "council sign-in leeds refused" in caplog.text
    assert not any(word in caplog.text for word in ("giver@", asked["nonce"], asked["state"]))


def test_a_token_that_ran_out_less_than_a_minute_ago_holds(client: PageClient, liar: Liar) -> None:
    come_in(client, liar, exp=int(time()) - 30, iat=int(time()) + 30)
    assert is_in(client)


def test_a_state_counts_once_in_its_own_browser_for_a_quarter_of_an_hour(
    client: PageClient, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = leave(client, liar)
    other = PageClient(client.app)
    assert "Please begin again" in arrive(other, asked, 403), "without the cookie"
    leave(other, liar)
    arrive(other, asked, 403)
    for state in ("made-up", "x" * 5000, "%00"):
        arrive(client, asked, 403, state=state)
    client.get("/sign-in/council/leeds/back?code=x", expect=403)
    assert "/token" not in liar.paths(), "no code was spent on any of these"
    elsewhere = settings(f"{liar.issuer}/other", "wirral", DOMAINS="wirral.example")
    with monkeypatch.context() as patch:
        use(client.app, patch, settings(liar.issuer) | elsewhere, "leeds wirral")
        client.get(back(asked).replace("leeds", "wirral"), expect=403)
    assert "Please begin again" in client.text, "begun for another council"
    with clock.set_to(clock.now() + timedelta(minutes=16)):
        arrive(client, asked, 403)
    assert not is_in(client)


def test_the_back_button_and_a_second_arrival_do_nothing_twice(
    client: PageClient, liar: Liar
) -> None:
    asked = leave(client, liar)
    arrive(client, asked)
    arrive(client, asked)
    assert client.response.location == "/your-work" and liar.paths().count("/token") == 1
    go_out(client)
    arrive(client, asked, 403)
    assert not is_in(client)


def test_an_answer_in_the_name_of_another_issuer_or_without_a_code_is_refused(
    client: PageClient, liar: Liar
) -> None:
    asked = leave(client, liar)
    client.get(f"{back(asked)}&iss=https://elsewhere.example", expect=403)
    asked = leave(client, liar)
    client.get(back(asked, code="").replace("code=", "error=access_denied"), expect=403)
    assert "stopped on the way" in client.text and "/token" not in liar.paths()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "/%09/evil.example/"]
)
def test_coming_back_never_leads_to_another_site(
    client: PageClient, liar: Liar, target: str
) -> None:
    asked = leave(client, liar, page=f"/sign-in?next={target}")
    arrive(client, asked)
    assert client.response.location == "/your-work"


def test_pages_with_a_button_let_forms_lead_to_the_provider_and_other_pages_nowhere(
    client: PageClient, liar: Liar
) -> None:
    policies = []
    for page in ("/sign-in", "/"):
        client.get(page)
        policies.append(client.response.headers["Content-Security-Policy"])
    assert f"form-action 'self' {liar.issuer};" in policies[0]
    assert "form-action 'self';" in policies[1]


def test_a_token_without_an_address_is_asked_for_more_of_the_same_person(
    client: PageClient, liar: Liar
) -> None:
    thin = {"email": None, "email_verified": None}
    liar.shown = {"sub": "another", "email": liar_address(), "email_verified": True}
    come_in(client, liar, 403, **thin)
    liar.shown["sub"] = "one"
    come_in(client, liar, 302, **thin)
    assert is_in(client)


def liar_address() -> str:
    return "giver@featured.demonstration.invalid"


def test_a_provider_that_changed_its_key_is_asked_for_it(
    client: PageClient, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "RESTS", 0.0)
    asked = leave(client, liar)
    liar.key = ECKey.generate_key("P-256", {"kid": "two"})
    arrive(client, asked)
    assert is_in(client) and liar.paths().count("/keys") == 2


# -- silent -----------------------------------------------------------------------------------

DISCOVERY = "/.well-known/openid-configuration"


def _hangs(handler: Any) -> None:
    """Nothing, until the test is over."""
    handler.stop.wait(30)


def _drips(handler: Any) -> None:
    """One letter now and then, for ever."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.stop.wait(0.02):
        handler.wfile.write(b" ")


def _leads_elsewhere(handler: Any) -> None:
    """To where the right answer is."""
    handler.send_response(302)
    handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def naming(name: str, value: object) -> Callable[[Liar], bytes]:
    return lambda liar: json.dumps(liar.usual(DISCOVERY) | {name: value}).encode()


SILENT: dict[str, Any] = {
    "an error": 500,
    "a page": b"<html>Welcome</html>",
    "a list": b"[]",
    "no JSON in time": _hangs,
    "a letter at a time": _drips,
    "too much": b" " * (line.LARGEST + 1),
    "somewhere else": _leads_elsewhere,
    "another issuer": naming("issuer", "https://elsewhere.example"),
    "a sign-in elsewhere": naming("authorization_endpoint", "https://elsewhere.example/a"),
    "a script for a sign-in": naming("authorization_endpoint", "javascript:alert(1)"),
    "no token address": naming("token_endpoint", None),
    "a file for keys": naming("jwks_uri", "file:///etc/passwd"),
    "no way for a secret": naming("token_endpoint_auth_methods_supported", ["private_key_jwt"]),
}


@pytest.mark.parametrize("said", SILENT.values(), ids=SILENT.keys())
def test_a_provider_that_is_silent_or_talks_rubbish_leaves_the_password(
    client: PageClient, liar: Liar, said: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "TO_ANSWER", 0.1)
    monkeypatch.setattr(line, "AT_MOST", 0.1)
    is_lie = callable(said) and said not in (_hangs, _drips, _leads_elsewhere)
    liar.says[DISCOVERY] = said(liar) if is_lie else said
    client.get("/sign-in")
    began = monotonic()
    page = client.send(action="/council/leeds", expect=503)
    assert "Leeds City Council does not answer" in page and 'href="/sign-in"' in page
    assert monotonic() - began < 5
    times = len(liar.asked)
    client.get("/sign-in")
    client.send(action="/council/leeds", expect=503)
    assert len(liar.asked) == times, "for some seconds it is not asked again"


@pytest.mark.parametrize("said", [500, b"rubbish", b"[]"])
def test_a_provider_that_falls_silent_on_the_way_says_so(
    client: PageClient, liar: Liar, said: bytes | int
) -> None:
    asked = leave(client, liar)
    liar.says["/token"] = said
    assert "does not answer" in arrive(client, asked, 503)
    assert not is_in(client)
    come = leave(client, liar)
    liar.says.clear()
    arrive(client, come)
    assert is_in(client)


def test_a_provider_whose_machine_is_down(
    client: PageClient, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(client.app, monkeypatch, settings("http://127.0.0.1:1"))
    client.get("/sign-in")
    assert "does not answer" in client.send(action="/council/leeds", expect=503)
