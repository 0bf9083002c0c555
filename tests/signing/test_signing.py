"""Sign-offs: by signing in, or by a link that works once and only for its act."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock, events
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible
from broker.models.need import Need, NeedState
from broker.models.person import Membership, Role
from broker.models.signing import BESIDE_THE_DIRECTOR, Signer, SignLink, standing
from broker.needs import actions as needs
from broker.needs.terms import terms_of
from broker.signing import actions
from tests import make, people
from tests.client import PageClient

DAY = make.DAY
CHIEF, MEMBER = BESIDE_THE_DIRECTOR


def large(until: str = "submitted") -> Need:
    return make.need(days=30 * DAY, until=until)


def link(need: Need, signer: Signer = CHIEF) -> str:
    with transaction():
        return actions.make_link(need, signer, by=people.person("receiver_lead"))


def test_a_link_signs_once_without_an_account(client: PageClient) -> None:
    with transaction():
        need = large()
    client.sign_in("receiver_lead").get(f"/needs/{need.id}/signatures")
    client.send(action="chief_executive/link")
    client.follow()
    found = re.search(r"/sign/[\w-]{40,}", client.text)
    assert found, "the link is shown"
    client.get(f"/needs/{need.id}/signatures")
    assert "/sign/" not in client.text.replace("/sign-out", ""), "and only once"
    stranger = PageClient(client.app)
    stranger.get(found[0])
    assert "Wirral" in stranger.text and need.title in stranger.text
    assert "no-store" in stranger.response.headers["Cache-Control"]
    stranger.press("Sign as chief executive")
    assert "Your sign-off is recorded" in stranger.text
    db.session.expire_all()
    assert standing(need)[CHIEF].signed_by.name == "Chief executive, Wirral"
    assert events.history_of(need)[0].by.name == "Chief executive, Wirral"
    stranger.get(found[0], expect=404)
    stranger.post(found[0], expect=404)


def test_every_dead_link_gets_the_same_answer(client: PageClient) -> None:
    with transaction():
        need = large()
    good = link(need)
    answers = set()

    def refused(token: str) -> None:
        said = client.get(f"/sign/{token}", expect=404)
        client.post(f"/sign/{token}", expect=404)
        answers.add(said[said.index("<main") : said.index("</main>")])

    refused("guessed")
    refused(good[:-1] + ("A" if good[-1] != "A" else "B"))
    refused("<script>")
    with clock.set_to(clock.now() + timedelta(days=15)):
        refused(good)
    cancelled = link(need, MEMBER)
    with transaction():
        actions.cancel_links(need, MEMBER, by=people.person("receiver"))
    refused(cancelled)
    second = link(need)
    refused(good)
    with transaction():
        needs.send_back(need, by=people.person("coordinator"), reason="More.")
        changed = replace(terms_of(need), days_wanted=40 * DAY)
        needs.edit(need, changed, by=people.person("receiver"))
    refused(second)
    assert len(answers) == 1
    assert standing(need) == {}


def test_only_the_hash_of_a_link_is_kept(app: Flask) -> None:
    with transaction():
        need = large()
    token = link(need)
    [kept] = db.session.scalars(select(SignLink)).all()
    assert token not in (kept.token_hash, kept.substance)
    assert kept.token_hash == actions.digest(token)


def test_a_signatory_who_signs_in_sees_what_is_to_be_signed_and_nothing_else(
    client: PageClient,
) -> None:
    with transaction():
        need, quiet = large(), large("private")
        place = people.authority(people.RECEIVER)
        chief = people.add("chief", Role.CHIEF_EXECUTIVE, authority=place)
        people.add("far_chief", Role.CHIEF_EXECUTIVE, authority=people.authority(people.OTHER))
    client.sign_in(chief).get("/to-sign")
    client.get(f"/needs/{need.id}", expect=404)
    client.get(f"/to-sign/{quiet.id}", expect=404)
    client.get(f"/to-sign/{need.id}")
    assert "A settled team of practice leaders." not in client.text
    client.press("Sign as chief executive")
    assert "Nothing waits for your signature" in client.text
    client.sign_in("far_chief").get(f"/to-sign/{need.id}", expect=404)
    client.post(f"/to-sign/{need.id}", expect=404)


def test_no_sign_off_is_asked_twice_while_nothing_of_substance_changed(app: Flask) -> None:
    need, lead = make.signed(large()), people.person("receiver_lead")
    needs.send_back(need, by=people.person("coordinator"), reason="Say more of what works.")
    needs.write_in(need, {"strengths": "A very settled team."}, by=lead)
    assert set(standing(need)) == set(Signer)
    needs.submit(need, by=lead)
    assert need.state is NeedState.SUBMITTED
    needs.send_back(need, by=people.person("coordinator"), reason="Fewer days?")
    needs.write_in(need, {"days_wanted": 28 * DAY}, by=lead)
    assert standing(need) == {}
    with pytest.raises(NotAllowed):
        needs.submit(need, by=lead)


def test_a_sign_off_is_taken_back_until_the_need_opens(client: PageClient) -> None:
    with transaction():
        need = make.signed(large())
    client.sign_in("receiver").get(f"/needs/{need.id}/signatures")
    client.press("Take this sign-off back", reason="Signed too early.")
    db.session.expire_all()
    assert set(standing(need)) == set(BESIDE_THE_DIRECTOR)
    with transaction():
        needs_director = make.checked(db.session.get_one(Need, need.id))
        coordinator = people.person("coordinator")
        with pytest.raises(NotPossible):
            needs.open_need(needs_director, by=coordinator)
        needs.send_back(needs_director, by=coordinator, reason="Sign it off again.")
        needs.submit(needs_director, by=people.person("receiver"))
        make.opened(needs_director)
        with pytest.raises(NotPossible):
            actions.take_back(
                needs_director, CHIEF, reason="Too late.", by=people.person("receiver")
            )


def test_the_director_is_not_signed_for_by_a_link(app: Flask) -> None:
    need = large()
    with pytest.raises(Exception, match="signing in"):
        actions.make_link(need, Signer.DIRECTOR, by=people.person("receiver_lead"))
    with pytest.raises(NotAllowed):
        actions.make_link(need, CHIEF, by=people.person("coordinator"))
    assert not db.session.scalars(select(Membership).where(Membership.role == CHIEF.role)).all()
