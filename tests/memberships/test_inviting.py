"""Inviting somebody, and what the link does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, links, mail
from broker.account import passwords
from broker.db import Base, db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.memberships import inviting
from broker.memberships.inviting import Post
from broker.models.invitation import Invitation, InvitationState
from broker.models.person import Person, Role
from broker.models.sign_in import SecondStep, SignInSession
from broker.models.work import Job, Message
from broker.one_time_links import actions as opening
from broker.personal.actions import erase
from tests import people
from tests.client import PageClient
from tests.test_races import race

EMAIL, PASSWORD = "lead@leeds.example", "lantern orchard veranda 81"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept and compared without taking long."""
    monkeypatch.setattr(passwords, "hash_password", lambda typed: f"kept {typed}")
    monkeypatch.setattr(passwords, "is_right", lambda known, typed: known == f"kept {typed}")


def invited(*, email: str = EMAIL, by: str = "giver") -> Invitation:
    with transaction():
        post = Post(Role.PRACTITIONER, people.authority(people.GIVER))
        return inviting.invite(post, name="A lead", email=email, by=people.person(by))


def path_to(invitation: Invitation) -> str:
    link = links.latest(invitation)
    assert link is not None
    return links.path_of(link)


def state(invitation: Invitation) -> InvitationState:
    db.session.refresh(invitation)
    return invitation.state


def test_a_director_invites_and_the_link_gives_the_role_once(client: PageClient) -> None:
    client.sign_in("giver").get("/people")
    client.get("/people/invite")
    typed = {"name": "A lead", "email": EMAIL.upper(), "role": "practitioner"}
    assert "must be one of" in client.send(expect=422, **typed | {"role": "director"})
    client.send(**typed)
    assert EMAIL in client.follow()
    [invitation] = db.session.scalars(select(Invitation)).unique()
    path = path_to(invitation)

    client.post("/sign-out")
    for _ in range(2):  # programs that look through mail open every link
        assert people.GIVER in client.get(path)
    assert "12 characters" in client.send(expect=422, name="A lead", password="short")
    assert state(invitation) is InvitationState.INVITED
    client.send(name="A lead, Leeds", password=PASSWORD)
    assert "Welcome" in client.follow()
    assert state(invitation) is InvitationState.ACCEPTED
    person = invitation.person
    assert person.name == "A lead, Leeds" and person.password_hash == f"kept {PASSWORD}"
    assert [held.role for held in person.held_today] == [Role.PRACTITIONER]
    assert "This link does not work" in client.get(path, expect=404)
    client.get("/sign-in")
    client.send(email=EMAIL, password=PASSWORD)
    assert client.response.location == "/your-work"


def test_the_link_stands_in_the_letter_alone(app: Flask) -> None:
    invitation = invited()
    link = links.latest(invitation)
    assert link is not None
    path = links.path_of(link)
    token = path.rpartition("/")[2]
    message = db.session.get_one(Message, link.message_id)
    assert path in mail.as_email(message).get_content()
    for table in Base.metadata.sorted_tables:
        assert all(token not in str(row) for row in db.session.execute(select(table)))


@pytest.mark.parametrize("after", ["withdrawn", "renewed", "expired", "made up"])
def test_a_link_that_is_good_no_longer_says_the_same_whatever_is_the_matter(
    client: PageClient, after: str
) -> None:
    invitation = invited()
    path = path_to(invitation)
    with transaction():
        by = people.person("giver")
        if after == "withdrawn":
            inviting.withdraw(invitation, by=by)
        elif after == "renewed":
            inviting.renew(invitation, by=by)
    if after == "made up":
        path = "/link/made-up"
    with clock.set_to(clock.now() + timedelta(days=8 if after == "expired" else 0)):
        page = client.get(path, expect=404)
    assert "This link does not work" in page and people.GIVER not in page


def test_who_has_an_account_accepts_with_one_press_and_keeps_name_and_password(
    client: PageClient,
) -> None:
    with transaction():
        known = people.person("practitioner")
        known.email, known.password_hash, name = EMAIL, "kept before", known.name
    with transaction():
        post = Post(Role.PARTNERSHIP_LEAD, people.authority(people.GIVER))
        by = people.person("giver")
        invitation = inviting.invite(post, name="Else", email=EMAIL, by=by)
    client.get(path_to(invitation))
    client.send()
    db.session.refresh(known)
    assert (known.name, known.password_hash) == (name, "kept before")
    assert {held.role for held in known.held_today} == {Role.PRACTITIONER, Role.PARTNERSHIP_LEAD}


@pytest.mark.parametrize(
    ("who", "role", "place"),
    [
        ("giver", Role.DIRECTOR, people.GIVER),
        ("giver", Role.PRACTITIONER, people.RECEIVER),
        ("giver_lead", Role.PRACTITIONER, people.GIVER),
        ("manager", Role.PRACTITIONER, people.GIVER),
    ],
)
def test_nobody_gives_a_role_that_is_not_theirs_to_give(
    app: Flask, who: str, role: Role, place: str
) -> None:
    post = Post(role, people.authority(place))
    with pytest.raises(NotAllowed):
        inviting.invite(post, name="A", email=EMAIL, by=people.person(who))


def test_an_invitation_says_what_is_wrong_with_it(client: PageClient) -> None:
    invited()
    client.sign_in("administrator").get("/people/invite")
    place = f"authority {people.authority(people.GIVER).id}"
    right = {"name": "A", "email": "b@leeds.example", "role": "director", "place": place}
    for wrong, said in (
        ({"place": ""}, "held at one authority"),
        ({"role": "panel", "place": "region 1"}, "all England"),
        ({"email": EMAIL, "role": "practitioner"}, "invited to that already"),
        ({"ends_on-day": "1", "ends_on-month": "1", "ends_on-year": "2020"}, "last day"),
    ):
        assert said in client.send(expect=422, **right | wrong)
    client.get("/people/invite")
    client.send(**right)
    assert "b@leeds.example" in client.follow()


def test_a_role_is_taken_up_on_the_day_of_accepting_and_not_after_its_last(app: Flask) -> None:
    by, day = people.person("giver"), timedelta(days=1)
    today, now = clock.today(), clock.now()
    with transaction():
        post = Post(Role.PRACTITIONER, people.authority(people.GIVER))
        invitation = inviting.invite(
            post, name="A", email=EMAIL, ends_on=today + 2 * day, by=by
        )  # fmt: skip
    with clock.set_to(now + 3 * day), pytest.raises(NotPossible, match="last day of this role"):
        inviting.accept(invitation)
    with clock.set_to(now + day), transaction():
        held = inviting.accept(invitation)
    assert (held.starts_on, held.ends_on) == (today + day, today + 2 * day)
    told = select(Message.to_id).filter_by(kind="invitation accept")
    assert list(db.session.scalars(told)) == [by.id]


def test_an_invitation_is_for_days_to_come_and_for_a_role_that_is_not_held(app: Flask) -> None:
    today, day, held = clock.today(), timedelta(days=1), people.address("practitioner")
    post = Post(Role.PRACTITIONER, people.authority(people.GIVER))
    for email, starts, ends, said in (
        (EMAIL, today - day, None, "today or later"),
        (EMAIL, today + day, today, "not before the first"),
        (EMAIL, today, today + 4000 * day, "within ten years"),
        (held, today, None, "hold that role already"),
    ):
        with pytest.raises(NotRight, match=said):
            inviting.invite(
                post, name="A", email=email, starts_on=starts, ends_on=ends,
                by=people.person("giver"),
            )  # fmt: skip
        db.session.rollback()


@pytest.mark.postgres
@pytest.mark.parametrize("is_known", [False, True])
def test_of_two_who_invite_one_address_at_once_the_second_sees_the_first(
    fresh_app: Flask, is_known: bool
) -> None:
    refused: list[str] = []
    if is_known:
        with fresh_app.app_context(), transaction():
            db.session.add(Person(email=EMAIL, name="A lead"))

    def invite_as(role: Role) -> Callable[[], None]:
        def run() -> None:
            post, by = Post(role, people.authority(people.GIVER)), people.person("giver")
            try:
                inviting.invite(post, name="A lead", email=EMAIL, by=by)
            except NotRight as error:
                refused.append(error.words)

        return run

    race(fresh_app, invite_as(Role.PRACTITIONER), invite_as(Role.PARTNERSHIP_LEAD))
    assert refused == []
    race(fresh_app, invite_as(Role.LEAD_MEMBER), invite_as(Role.LEAD_MEMBER))
    assert len(refused) == 1 and "invited to that already" in refused[0]
    with fresh_app.app_context():
        assert len(db.session.scalars(select(Person).filter_by(email=EMAIL)).all()) == 1
        assert len(db.session.scalars(select(Invitation)).unique().all()) == 3


# -- a new password ---------------------------------------------------------------------------


def asked_for(client: PageClient, email: str) -> list[str]:
    """Ask for a link and let the worker do its part; the statements of asking."""
    client.get("/sign-in/forgotten")
    with client.counting() as seen:
        client.send(email=email)
    assert "If that address has an account" in client.follow()
    job = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
    assert job is not None
    opening.send(job.id, job.arguments)
    return [statement.partition("(")[0] for statement in seen]


def test_a_new_password_by_link_ends_sessions_and_keeps_the_second_step(
    client: PageClient,
) -> None:
    with transaction():
        person = people.person("coordinator")
        person.password_hash = "kept before"
        db.session.add(SecondStep(person_id=person.id, secret="sealed"))
    assert asked_for(client, person.email) == asked_for(client, "nobody@leeds.example")
    [message] = db.session.scalars(select(Message).filter_by(kind="person send_link"))
    assert message.to_id == person.id
    asked_for(client, person.email)
    assert len(db.session.scalars(select(Message).filter_by(to_id=person.id)).all()) == 1
    path = links.path_in(message)
    assert path is not None
    assert "easily guessed" in _chosen(client, path, "children director children", 422)
    _chosen(client, path, PASSWORD, 302)
    db.session.refresh(person)
    assert person.password_hash == f"kept {PASSWORD}"
    open_ = select(SignInSession).filter_by(person_id=person.id, ended_at=None)
    assert db.session.scalars(open_).all() == []
    assert db.session.get(SecondStep, person.id) is not None
    client.get(path, expect=404)


def _chosen(client: PageClient, path: str, password: str, expect: int) -> str:
    client.get(path)
    return client.send(expect=expect, password=password)


def test_who_holds_no_role_gets_no_link_and_an_hour_later_it_is_over(client: PageClient) -> None:
    with transaction():
        someone = people.person("giver")
        for held in someone.memberships:
            held.ends_on = clock.today() - timedelta(days=1)
        other = people.person("other")
    asked_for(client, someone.email)
    asked_for(client, other.email)
    [message] = db.session.scalars(select(Message).filter_by(kind="person send_link"))
    assert message.to_id == other.id
    path = links.path_in(message)
    with clock.set_to(clock.now() + timedelta(minutes=61)):
        client.get(str(path), expect=404)


def test_an_erased_person_has_no_invitation_and_no_link_left(app: Flask) -> None:
    invitation = invited()
    with transaction():
        erase(invitation.person, reason="They asked.", by=people.person("administrator"))
    assert state(invitation) is InvitationState.WITHDRAWN and links.latest(invitation) is None
    assert db.session.scalars(select(Person).filter_by(email=EMAIL)).all() == []
