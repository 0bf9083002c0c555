"""A browser's way to a council's sign-in and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.client import PageClient, tags
from tests.council_accounts.liar import Liar

BACK = "/sign-in/council/leeds/back"


def leave(client: PageClient, liar: Liar, *, page: str = "/sign-in") -> dict[str, str]:
    """Press the council's button of a page; what the sign-in is asked there."""
    client.get(page)
    assert client.page is not None
    actions = [form.get("action") or "" for form in tags(client.page, "form")]
    client.send(action=next(action for action in actions if "/council/" in action))
    asked = dict(parse_qsl(urlsplit(client.response.location).query))
    liar.nonce = asked["nonce"]
    return asked


def go_out(client: PageClient) -> None:
    client.get("/me")
    client.post("/sign-out")


def arrive(client: PageClient, asked: dict[str, str], expect: int = 302, **more: Any) -> str:
    return client.get(back(asked, **more), expect=expect)


def back(asked: dict[str, str], *, code: str = "good", state: str = "") -> str:
    return f"{BACK}?code={code}&state={state or asked['state']}"


def come_in(client: PageClient, liar: Liar, expect: int = 302, **claims: Any) -> str:
    """The whole way, with what the ID token says."""
    asked = leave(client, liar)
    liar.claims = claims
    return arrive(client, asked, expect)
