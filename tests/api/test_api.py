"""The API: who may read what, in which pages, with the figures of the pack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests
from werkzeug.test import TestResponse

from broker import clock
from broker.api_tokens import actions
from broker.api_tokens.actions import latest
from broker.config import read_settings
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.api_token import ApiToken, Scope
from broker.models.person import Role
from broker.pace import PROGRAMS, address, slow_down
from broker.packs.content import pack_now, pack_of
from broker.packs.sheets import PROVIDERS
from broker.returns import actions as returns
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.returns import walk

PRIVATE = ("returns", "days", "partnerships")
WORRY = "A worry that nobody is to read"


def ask(app: Flask, path: str, token: str = "", **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {token}", **headers} if token else headers
    db.session.rollback()
    return app.test_client().get(f"/api/v1/{path}", headers=sent)


def items(app: Flask, path: str, token: str = "") -> list[dict[str, Any]]:
    """Every record of a list, following `next`."""
    found: list[dict[str, Any]] = []
    following: str | None = f"/api/v1/{path}"
    while following:
        body = ask(app, following.removeprefix("/api/v1/"), token).json
        assert body is not None
        found += body["items"]
        following = body["next"]
    return found


@pytest.fixture
def token(app: Flask) -> Iterator[str]:
    """A quarter with days of every kind, one return certified and one not; a token for all."""
    with transaction():
        first, second = walk.partnership(), walk.second_partnership()
        take(walk.day(first, quarter_days=6), "confirm", by=people.person("receiver"))
        walk.day(first, quarter_days=3)
        take(walk.day(second, quarter_days=5), "query", by=people.person("other"), reason="Which?")
        void = walk.day(second, quarter_days=7)
        take(void, "void", by=people.person("giver_lead"), reason="Twice")
        walk.partnership(giver="second_giver")
        make.need(until="private", title=WORRY)
        make.need(until="in_confidence", title=WORRY)
    with clock.set_to(walk.AFTER), transaction():
        walk.certified()
        made, secret = make.api_token()
    with clock.set_to(walk.AFTER):
        yield secret


def test_days_and_returns_add_up_to_the_pack(app: Flask, token: str) -> None:
    pip = people.programme("pip")
    days = items(app, f"days?quarter={walk.QUARTER}&limit=1", token)
    assert items(app, "days", token) == days, "all but the void one"
    pack = pack_now(pip, walk.QUARTER)
    by_state = {
        state: sum(one["days"] for one in days if one["state"] == state)
        for state in ("confirmed", "logged", "queried")
    }
    whole = pack.national
    assert by_state == {
        "confirmed": whole.confirmed / 4,
        "logged": whole.unconfirmed / 4,
        "queried": whole.queried / 4,
    }
    assert by_state == {"confirmed": 1.5, "logged": 0.75, "queried": 1.25}
    with transaction():
        frozen = returns.freeze(programme=pip, quarter=walk.QUARTER, by=people.person("manager"))
    told = [one for one in items(app, "returns", token) if one["version"]]
    names = [one.name for one in PROVIDERS.columns if one.name.startswith("days_")]
    assert [{name: one[name] for name in names} for one in told] == [
        {one.name: float(one.value(part)) for one in PROVIDERS.columns if one.name in names}
        for part in pack_of(frozen).parts
    ]
    listed = items(app, "partnerships", token)
    assert sum(one["days_delivered"] for one in listed) == whole.delivered / 4


def test_what_is_not_released_and_what_people_wrote_about_days_stays_out(
    app: Flask, token: str
) -> None:
    with transaction():
        again = returns.open_return(
            provider_id=people.authority(people.SECOND_GIVER).id,
            programme=people.programme("pip"),
            quarter=walk.QUARTER,
            by=people.person("manager"),
        )
        returns.write(
            again, outcomes="Not certified", priorities="", by=people.person("second_giver")
        )
    told = "".join(ask(app, path, token).text for path in ("offers", *PRIVATE))
    for words in ("Not certified", WORRY, "giver_lead", "@", "Which?", "Twice"):
        assert words not in told, words
    [open_one] = [one for one in items(app, "returns", token) if one["state"] == "in progress"]
    assert open_one["days_confirmed"] is None and open_one["outcomes"] is None


def test_only_a_token_that_is_in_use_opens_a_programmes_records(app: Flask, token: str) -> None:
    client = PageClient(app).sign_in("manager")
    for path in PRIVATE:
        assert ask(app, path, token).status_code == 200
        signed_in = client.browser.get(f"/api/v1/{path}")
        wrong = ask(app, path, "sx_made-up-Ünïcode".encode().decode("latin-1"))
        for answer in (
            ask(app, path),
            wrong,
            ask(app, path, Authorization="Basic eA=="),
            signed_in,
        ):
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            assert answer.content_type == "application/problem+json"
            assert answer.headers["Cache-Control"] == "no-store"
    with clock.set_to(clock.today() + timedelta(days=30)):
        assert ask(app, "days", token).status_code == 200, "its last day"
    with clock.set_to(clock.today() + timedelta(days=31)):
        assert ask(app, "days", token).status_code == 401, "expired"
    with transaction():
        [held] = db.session.scalars(select(ApiToken)).unique().all()
        take(held, "revoke", by=people.person("manager"))
    assert ask(app, "days", token).status_code == 401, "revoked"


def test_a_scope_that_was_not_given_and_another_programmes_records_stay_closed(
    app: Flask, token: str
) -> None:
    [day, *_] = items(app, "days", token)
    with transaction():
        other = make.partnership()
        own = make.day(other)
        _, narrow = make.api_token(Scope.DAYS)
        _, far = make.api_token(programme=other.programme.code)
    assert ask(app, "days", narrow).status_code == 200
    for path in ("returns", "partnerships", f"partnerships/{day['partnership']}"):
        assert ask(app, path, narrow).status_code == 403
    assert ask(app, f"days/{own.id}", far).status_code == 200
    assert ask(app, f"days/{own.id}", token).status_code == 404
    assert ask(app, f"days/{day['support_day']}", far).status_code == 404
    assert ask(app, f"partnerships/{other.id}", token).status_code == 404
    assert {one["partnership"] for one in items(app, "days", far)} == {other.id}


def test_what_has_not_changed_is_answered_in_a_word(
    app: Flask, client: PageClient, token: str
) -> None:
    for path, kept in (("offers", "public, max-age=60"), ("days", "private, no-cache")):
        first = ask(app, path, token)
        assert first.headers["Cache-Control"] == kept
        again = ask(app, path, token, **{"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and not again.data
    client.sign_in("manager").get("/api/v1/offers")
    assert client.response.headers["Cache-Control"] == "public, max-age=60", "signed in or not"
    with transaction():
        make.offer(title="One more")
    etag = ask(app, "offers").headers["ETag"]
    changed = ask(app, "offers", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.headers["ETag"] == etag


def test_pages_hold_each_record_once_while_more_are_added(app: Flask) -> None:
    with transaction():
        ids = [make.offer(title=f"Offer {n}").id for n in range(3)]
    first = ask(app, "offers?limit=2").json
    assert first is not None and first["next"] == f"/api/v1/offers?after={ids[1]}&limit=2"
    with transaction():
        ids.append(make.offer(title="Meanwhile").id)
    rest = items(app, first["next"].removeprefix("/api/v1/"))
    assert [one["offer"] for one in (*first["items"], *rest)] == ids
    assert ask(app, f"offers/{ids[0]}").json == first["items"][0]


def test_a_list_asks_as_many_questions_for_one_record_as_for_all(
    app: Flask, client: PageClient, token: str
) -> None:
    for path in ("offers", *PRIVATE):
        counts = []
        for limit in (1, 200):
            ask(app, f"{path}?limit={limit}", token)
            with client.counting() as seen:
                ask(app, f"{path}?limit={limit}", token)
            counts.append(len(seen))
        assert counts[0] == counts[1] <= 12, (path, counts)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("offers?limit=0", 400), ("offers?limit=201", 400), ("offers?after=-1", 400),
        ("offers?after=99999999999", 400), ("offers?limit=", 400), ("offers?limit=١", 400),
        ("offers/99999999999999999999", 404), ("offers/x", 404), ("nothing", 404),
        ("days", 401), ("offers/999999", 404),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_as_a_problem(app: Flask, path: str, status: int) -> None:
    answer = ask(app, path)
    assert answer.status_code == status and answer.content_type == "application/problem+json"
    assert answer.json is not None and answer.json["status"] == status and answer.json["detail"]


def test_a_quarter_that_is_none_is_told(app: Flask, token: str) -> None:
    for words in ("soon", "2026-99 Q1", "0000-01 Q1", "9999-00 Q4", "2026-27 Q5", ""):
        assert ask(app, f"days?quarter={words}", token).status_code == 400, words


def test_who_takes_no_json_is_told_so_and_a_browser_gets_it(app: Flask) -> None:
    for accept, status in (
        ("text/csv", 406), ("application/json;q=0", 406), ("application/xml, text/*", 406),
        ("", 200), ("*/*", 200), ("application/*", 200), ("text/html, */*;q=0.8", 200),
    ):  # fmt: skip
        answer = ask(app, "offers", Accept=accept)
        assert answer.status_code == status, accept
        kind = "application/json" if status == 200 else "application/problem+json"
        assert answer.content_type == kind


def test_only_get_is_taken_and_a_fault_of_ours_is_told_without_a_trace(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = app.test_client()
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = browser.open("/api/v1/offers", method=method)
        assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
        assert answer.content_type == "application/problem+json"
    monkeypatch.setattr("broker.api.views.document", lambda: 1 / 0)
    answer = ask(app, "openapi.json")
    assert answer.status_code == 500 and answer.content_type == "application/problem+json"
    assert "ZeroDivision" not in answer.text


def test_whoever_asks_too_often_is_told_how_long_to_wait(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context(), pytest.raises(TooManyRequests):
        for _ in range(1000):
            slow_down(PROGRAMS, "a caller")
    assert ask(app, "days", token).status_code == 200, "each caller has a pace of its own"
    monkeypatch.setitem(app.config["PACES"], "programs", 0)
    answer = ask(app, "days", token)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) <= 60


def test_an_address_is_the_visitors_and_only_our_own_web_server_may_say_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies = read_settings({"PROXIES": "10.0.0.5, 10.1.0.0/24"}).proxies
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], proxies=proxies))
    for peer, said, counted in (
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.1.0.9", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.6", "192.0.2.7", "10.0.0.6"),
        ("203.0.113.5", "192.0.2.7", "203.0.113.5"),
    ):
        sent, come = {"X-Forwarded-For": said}, {"REMOTE_ADDR": peer}
        with app.test_request_context(headers=sent, environ_base=come):
            assert address() == counted


# -- tokens -----------------------------------------------------------------------------------


def test_a_manager_makes_a_token_sees_it_once_and_revokes_it(
    app: Flask, client: PageClient
) -> None:
    pip = people.programme("pip").id
    assert "Tokens for data teams" in client.sign_in("manager").get("/programme")
    client.get(f"/programme/{pip}/tokens/new")
    assert "Choose at least one answer" in client.send(name="Ŵ <b>board</b>", expect=422)
    client.send(name="Ŵ <b>board</b>", scopes=["days"])
    page = client.follow()
    secret = page.partition("<code>")[2].partition("</code>")[0]
    assert secret.startswith("sx_") and "Not yet" in page and "<b>board" not in page
    here = client.response.request.path
    with transaction():
        people.add("elsewhere", Role.PROGRAMME_MANAGER)
    client.sign_in("elsewhere").get(here, expect=404)
    client.get(f"/programme/{pip}/tokens", expect=404)
    client.sign_in("manager")
    assert secret not in client.get(here)
    [kept] = db.session.scalars(select(ApiToken)).unique().all()
    assert secret not in str(vars(kept)) and kept.last_used_at is None
    assert ask(app, "days", secret).status_code == 200
    assert "Not yet" not in client.get(f"/programme/{pip}/tokens")
    client.get(here)
    assert "Revoked" in client.press("Revoke this token")
    assert ask(app, "days", secret).status_code == 401
    with transaction(), pytest.raises(NotPossible):
        take(db.session.get_one(ApiToken, kept.id), "revoke", by=people.person("manager"))


def test_a_token_is_for_something_for_a_year_at_most_and_made_by_a_manager(app: Flask) -> None:
    right: dict[str, Any] = {
        "programme": people.programme("pip"),
        "name": "Board",
        "scopes": [Scope.DAYS],
        "expires_on": latest(),
        "by": people.person("manager"),
    }
    wrong: list[dict[str, Any]] = [
        {"name": "  "}, {"name": "x" * 81}, {"scopes": []},
        {"expires_on": latest() + timedelta(days=1)},
        {"expires_on": clock.today() - timedelta(days=1)},
    ]  # fmt: skip
    with transaction():
        for one in wrong:
            with pytest.raises(NotRight):
                actions.make(**{**right, **one})
        actions.make(**right)
        with pytest.raises(NotAllowed):
            actions.make(**{**right, "by": people.person("giver")})
