"""What a council's account opens: the account that it belongs to, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from time import time

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from broker import clock, links
from broker.account import second_step
from broker.db import db, transaction
from broker.keys import seal
from broker.memberships import inviting
from broker.memberships.inviting import Post
from broker.models.council_account import CouncilAccount, CouncilTrip
from broker.models.event import Event
from broker.models.invitation import Invitation, InvitationState
from broker.models.person import Person, Role
from broker.models.sign_in import Happened, How, SignInSession
from broker.models.work import Message
from broker.personal.actions import erase
from tests import people
from tests.account.test_sign_in import kept
from tests.client import PageClient
from tests.council_accounts.conftest import settings, use
from tests.council_accounts.liar import DOMAIN, Liar
from tests.council_accounts.ways import arrive, come_in, go_out, leave

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def accounts() -> list[CouncilAccount]:
    db.session.rollback()
    return list(db.session.scalars(select(CouncilAccount).order_by(CouncilAccount.id)).unique())


def is_in(client: PageClient) -> bool:
    client.get("/your-work", expect=client.browser.get("/your-work").status_code)
    return client.response.status_code == 200


def how(person: Person) -> list[How]:
    mine = select(SignInSession.how).filter_by(person_id=person.id, ended_at=None)
    return list(db.session.scalars(mine.order_by(SignInSession.id)))


def test_it_is_asked_with_pkce_state_and_nonce_and_connects_the_account_it_names(
    client: PageClient, liar: Liar
) -> None:
    asked = leave(client, liar, page="/sign-in?next=/capacity")
    assert asked["response_type"] == "code" and asked["scope"] == "openid email"
    assert asked["code_challenge_method"] == "S256" and asked["state"] != asked["nonce"]
    assert asked["redirect_uri"].endswith("/sign-in/council/leeds/back")
    stored = db.session.scalars(select(CouncilTrip)).one()
    assert asked["state"] not in (stored.state_hash, stored.nonce, stored.verifier)
    arrive(client, asked)
    assert client.response.location == "/capacity" and is_in(client)
    giver, [one] = people.person("giver"), accounts()
    assert (one.person_id, one.issuer, one.subject) == (giver.id, liar.issuer, "one")
    assert how(giver)[-1] is How.COUNCIL and kept(Happened.SIGNED_IN) == 1
    told = db.session.scalars(select(Message).filter_by(kind="person connect_council_account"))
    assert [message.to_id for message in told] == [giver.id]
    sent = next(form for path, form in liar.asked if path == "/token")
    assert sent["code"] == ["good"] and len(sent["code_verifier"][0]) >= 43
    assert db.session.scalar(select(func.count(CouncilTrip.id))) == 0


def test_from_then_on_the_subject_opens_it_whatever_its_address(
    client: PageClient, liar: Liar
) -> None:
    come_in(client, liar)
    go_out(client)
    come_in(client, liar, email="married@elsewhere.example", email_verified=False)
    assert is_in(client) and len(accounts()) == 1


def test_nobody_gets_an_account_and_the_page_is_alike_for_all_without_a_role(
    client: PageClient, liar: Liar
) -> None:
    with transaction():
        left = people.person("giver_lead")
        for held in left.memberships:
            held.ends_on = clock.today() - timedelta(days=1)
    before = db.session.scalar(select(func.count(Person.id)))
    pages = [
        come_in(client, liar, 403, sub=name, email=f"{name}@{DOMAIN}")
        for name in ("giver-lead", "stranger")
    ]
    assert "invite you" in pages[0] and "csrf" not in pages[0].partition("<main")[2]
    assert pages[0].partition("<main")[2] == pages[1].partition("<main")[2]
    assert db.session.scalar(select(func.count(Person.id))) == before
    assert accounts() == [] and kept(Happened.COUNCIL_REFUSED) == 2 and not is_in(client)


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email_verified": False}, "does not say that an e-mail address is yours"),
        ({"email_verified": None}, "does not say that an e-mail address is yours"),
        ({"email_verified": "yes"}, "does not say that an e-mail address is yours"),
        ({"email": None}, "does not say that an e-mail address is yours"),
        ({"email": "giver@elsewhere.example"}, "does not speak"),
        ({"email": f"giver@sub.{DOMAIN}"}, "does not speak"),
        ({"email": f"giver@{DOMAIN}@elsewhere.example"}, "does not speak"),
    ],
)
def test_the_first_time_an_address_must_be_verified_and_the_councils(
    client: PageClient, liar: Liar, claims: dict[str, object], said: str
) -> None:
    assert said in come_in(client, liar, 403, **claims)
    assert accounts() == [] and not is_in(client)


def test_an_address_that_passed_to_somebody_else_opens_nothing(
    client: PageClient, liar: Liar
) -> None:
    come_in(client, liar, sub="who left")
    go_out(client)
    assert "had your address before" in come_in(client, liar, 403, sub="who came")
    assert len(accounts()) == 1


def test_the_same_subject_of_another_council_is_somebody_else(
    client: PageClient, liar: Liar, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(client, liar)
    go_out(client)
    elsewhere = settings(f"{liar.issuer}/other", "wirral", DOMAINS="wirral.example")
    use(client.app, monkeypatch, settings(liar.issuer) | elsewhere, "leeds wirral")
    liar.says["/other/.well-known/openid-configuration"] = _as(liar, "/other")
    client.get("/sign-in")
    client.send(action="/council/wirral")
    state = client.response.location.partition("state=")[2].partition("&")[0]
    liar.nonce = client.response.location.partition("nonce=")[2].partition("&")[0]
    liar.claims = {"iss": f"{liar.issuer}/other"}
    page = client.get(f"/sign-in/council/wirral/back?code=x&state={state}", expect=403)
    assert "does not speak" in page and not is_in(client)


def _as(liar: Liar, path: str) -> bytes:
    said = str(liar.usual("/.well-known/openid-configuration")).replace("'", '"')
    return said.replace(f'"{liar.issuer}"', f'"{liar.issuer}{path}"').encode()


def test_who_holds_no_role_any_longer_does_not_come_in_by_it(
    client: PageClient, liar: Liar
) -> None:
    come_in(client, liar)
    go_out(client)
    with transaction():
        for held in people.person("giver").memberships:
            held.ended_at = clock.now()
    assert "There is no role here today" in come_in(client, liar, 403)
    assert not is_in(client)


# -- the second step --------------------------------------------------------------------------


def test_roles_that_need_a_second_step_are_asked_for_it_unless_the_council_says_two(
    client: PageClient, liar: Liar
) -> None:
    coordinator = people.person("coordinator")
    mine = {"email": coordinator.email}
    come_in(client, liar, amr=["pwd"], **mine)
    assert client.response.location.startswith("/sign-in/set-up") and not is_in(client)
    with transaction():
        moment = int(clock.by_the_wall().timestamp())
        sealed = seal(second_step.PURPOSE, SECRET)
        second_step.set_up(coordinator, sealed, pyotp.TOTP(SECRET).at(moment - 30))
    come_in(client, liar, **mine)
    client.follow()
    assert "council's account is right" in client.text.replace("&#39;", "'")
    client.send(code=pyotp.TOTP(SECRET).at(int(clock.by_the_wall().timestamp())))
    assert is_in(client) and how(coordinator)[-1] is How.COUNCIL_AND_STEP
    go_out(client)
    come_in(client, liar, amr=["pwd", "mfa"], **mine)
    assert is_in(client) and how(coordinator)[-1] is How.COUNCIL


# -- showing again who one is -----------------------------------------------------------------


def proof_asked(client: PageClient, liar: Liar, **claims: object) -> dict[str, str]:
    """Somebody without a password comes in, and an hour later does what weighs."""
    come_in(client, liar, **claims)
    with transaction():
        one = db.session.scalars(select(SignInSession).order_by(SignInSession.id.desc())).first()
        assert one is not None and one.how is How.COUNCIL
        one.proved_at = clock.now() - timedelta(hours=1)
    client.get("/me/sign-in/second-step", expect=302)
    return leave(client, liar, page=client.response.location)


def test_a_fresh_sign_in_at_the_council_is_proof_where_there_is_no_password(
    client: PageClient, liar: Liar
) -> None:
    asked = proof_asked(client, liar)
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    liar.claims = {"auth_time": int(time())}
    arrive(client, asked)
    assert client.response.location == "/me/sign-in/second-step"
    client.get("/me/sign-in/second-step")
    assert kept(Happened.PROVED) == 1


@pytest.mark.parametrize(
    "claims", [{}, {"auth_time": 1}, {"auth_time": float("nan")}, {"sub": "two", "auth_time": 2e10}]
)
def test_an_old_sign_in_or_somebody_elses_is_no_proof(
    client: PageClient, liar: Liar, claims: dict[str, object]
) -> None:
    asked = proof_asked(client, liar)
    liar.claims = claims
    assert "That did not show" in arrive(client, asked, 403)
    client.get("/me/sign-in/second-step", expect=302)
    assert kept(Happened.PROVED) == 0


def test_a_role_that_needs_two_steps_is_proved_by_two(client: PageClient, liar: Liar) -> None:
    strong = {"email": people.address("coordinator"), "amr": ["mfa"]}
    for claims, status in (({"amr": ["pwd"]}, 403), ({}, 302)):
        asked = proof_asked(client, liar, **strong)
        liar.claims = strong | {"auth_time": int(time())} | claims
        arrive(client, asked, status)
    assert kept(Happened.PROVED) == 1


# -- connecting and disconnecting -------------------------------------------------------------


def test_a_disconnected_account_connects_itself_no_more_and_its_owner_can(
    client: PageClient, liar: Liar
) -> None:
    come_in(client, liar)
    assert "Leeds City Council" in client.get("/me/sign-in")
    client.press("Disconnect")
    assert "opens your account no longer" in client.text and is_in(client)
    go_out(client)
    assert "was disconnected here" in come_in(client, liar, 403)
    with transaction():
        db.session.execute(update(SignInSession).values(ended_at=None))
    client.sign_in("giver")
    asked = leave(client, liar, page="/me/sign-in")
    liar.claims = {"email_verified": False}
    assert "does not say that an e-mail address is yours" in arrive(client, asked, 403)
    asked = leave(client, liar, page="/me/sign-in")
    liar.claims = {"email": f"g.iver@{DOMAIN}"}
    arrive(client, asked)
    assert "opens your account from now on" in client.follow()
    events = select(Event.verb).filter_by(noun="person", record_id=people.person("giver").id)
    verbs = list(db.session.scalars(events.order_by(Event.number)))
    assert verbs == [f"{word}_council_account" for word in ("connect", "disconnect", "connect")]
    go_out(client)
    come_in(client, liar)
    assert is_in(client)


def test_two_people_cannot_have_one_subject(client: PageClient, liar: Liar) -> None:
    come_in(client, liar)
    go_out(client)
    client.sign_in("giver_lead")
    asked = leave(client, liar, page="/me/sign-in")
    assert "somebody else" in arrive(client, asked, 403)
    [one] = accounts()
    assert one.person_id == people.person("giver").id
    client.post(f"/me/sign-in/council-accounts/{one.id}/end", expect=404)


def test_an_administrator_disconnects_a_leavers_account_and_every_session_ends(
    client: PageClient, liar: Liar
) -> None:
    come_in(client, liar)
    giver = people.person("giver")
    client.sign_in("administrator").get(f"/personal-data/{giver.id}")
    client.press("Disconnect the council's account")
    assert accounts()[0].ended_at is not None and how(giver) == []
    client.post(f"/personal-data/{giver.id}/disconnect_council_accounts", expect=409)
    with transaction():
        erase(giver, reason="They asked.", by=people.person("administrator"))
    assert accounts() == []


# -- invitations ------------------------------------------------------------------------------


def invited(email: str) -> tuple[Invitation, str]:
    with transaction():
        post = Post(Role.PRACTITIONER, people.authority(people.GIVER))
        made = inviting.invite(post, name="A lead", email=email, by=people.person("giver"))
    link = links.latest(made)
    assert link is not None
    return made, links.path_of(link)


def test_an_invitation_is_accepted_with_the_councils_account_of_its_address(
    client: PageClient, liar: Liar
) -> None:
    invitation, path = invited(f"new@{DOMAIN}")
    for claims, said in (
        ({"email": f"other@{DOMAIN}"}, "to another address"),
        ({"email": f"new@{DOMAIN}", "email_verified": False}, "does not say"),
    ):
        asked = leave(client, liar, page=path)
        liar.claims = claims
        assert said in arrive(client, asked, 403)
    asked = leave(client, liar, page=path)
    liar.claims = {"email": f"new@{DOMAIN}"}
    arrive(client, asked)
    assert "The role is yours" in client.follow()
    db.session.refresh(invitation)
    assert invitation.state is InvitationState.ACCEPTED
    assert [one.person_id for one in accounts()] == [invitation.person_id]
    go_out(client)
    client.get(path, expect=404)
    _, second = invited(f"new2@{DOMAIN}")
    asked = leave(client, liar, page=second)
    liar.claims = {"email": f"new2@{DOMAIN}"}
    assert "somebody else" in arrive(client, asked, 403), "nothing is done"
    client.get(second)


def test_without_a_provider_there_is_no_button_and_no_way(app: Flask) -> None:
    client = PageClient(app)
    assert "council’s account" not in client.get("/sign-in")
    assert "form-action 'self';" in client.response.headers["Content-Security-Policy"]
    client.post("/sign-in/council/leeds", expect=404)
    client.get("/sign-in/council/leeds/back?code=x&state=y", expect=404)
