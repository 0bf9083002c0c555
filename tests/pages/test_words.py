"""The written pages say the rules as the programmes hold them, and a reader's own case in words."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import pytest
from flask import Flask

from broker.db import transaction
from broker.interventions import actions as interventions
from tests import make, people
from tests.client import PageClient


def test_how_to_ask_prints_the_rules_that_stand(app: Flask, client: PageClient) -> None:
    assert "Under 20 days: the director signs" in client.get("/how-to-ask")
    with transaction():
        own = people.programme()
        own.rules = asdict(replace(own.policy, small_below=4 * 7, quorum=5))
    assert "Under 7 days: the director signs" in client.get("/how-to-ask")
    assert "5 of those who need not stand aside" in client.get("/how-it-works")


def test_the_way_is_found_from_the_home_page(client: PageClient) -> None:
    for address in ("/how-to-ask", "/who-can-use-this", "/authorities/map"):
        client.get("/")
        assert f'href="{address}"' in client.text
        client.get(address)


@pytest.mark.parametrize(
    ("name", "programme", "says"),
    [
        ("Leeds", "pip", "You may publish offers in every theme"),
        ("Wirral", "pip", "the latest judgement is good or outstanding overall"),
        ("Wirral", "own", "No judgement is needed to ask early"),
        ("Leeds", "own", "You may publish offers in themes of"),
    ],
)
def test_a_readers_own_case_is_told_in_words(
    client: PageClient, name: str, programme: str, says: str
) -> None:
    code = people.authority(name).code
    client.get(f"/who-can-use-this?authority={code}&programme={programme}")
    assert f"How {name} can use" in client.text and says in client.text


def test_intervention_and_the_year_after_open_a_way(app: Flask, client: PageClient) -> None:
    address = f"/who-can-use-this?authority={people.authority('Wirral').code}&programme=pip"
    assert "You are in intervention" not in client.get(address)
    with transaction():
        entered = make.intervention()
    assert "You are in intervention" in client.get(address)
    with transaction():
        interventions.end(entered, on=date(2026, 6, 1), by=people.person("administrator"))
    assert "You left intervention" in client.get(address)


@pytest.mark.parametrize(
    "asked", ["authority=&programme=", "authority=%00&programme=pip", "programme=x", "authority=E1"]
)
def test_what_cannot_be_read_says_what_to_do(client: PageClient, asked: str) -> None:
    assert "Choose an authority and a programme" in client.get(f"/who-can-use-this?{asked}")
