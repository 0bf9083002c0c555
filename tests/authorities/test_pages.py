"""Authorities: found by name, strengths first, judgements as dated facts and never as a label."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from broker.db import db, transaction
from broker.models.authority import Authority, Judgement
from broker.taking import take
from tests import make, people
from tests.client import PageClient, tags, words


def _code(name: str) -> str:
    return people.authority(name).code


def _names(client: PageClient) -> list[str]:
    assert client.page is not None
    return [words(th) for th in tags(client.page, "th") if th.get("scope") == "row"]


def test_the_list_holds_them_all_by_name_without_a_grade(client: PageClient) -> None:
    names: list[str] = []
    for page in range(1, 7):
        client.get(f"/authorities?page={page}")
        names += _names(client)
        for grade in ("Inadequate", "inadequate", "Outstanding", "improvement"):
            assert grade not in client.text
    assert len(names) == 153 and names == sorted(names)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=LEEDS", ["Leeds"]),
        ("q=leeds+yorkshire", ["Leeds"]),
        ("q=leeds&region=E12000001", []),
        ("q=%25", []),
        ("q=%00leeds", ["Leeds"]),
        ("q=Ynys+M%C3%B4n", []),
        ("q=" + "x" * 3000, []),
        ("q=leeds&page=7", ["Leeds"]),
        ("region='--", []),
    ],
)
def test_searching_finds_or_says_what_to_do(
    client: PageClient, asked: str, found: list[str]
) -> None:
    client.get(f"/authorities?{asked}")
    assert _names(client) == found
    assert ("No authority fits this" in client.text) is (not found)


def test_offers_are_counted_in_the_list(app: Flask, client: PageClient) -> None:
    with transaction():
        make.offer()
        make.offer(title="A draft", published=False)
    client.get("/authorities?q=leeds")
    assert client.page is not None
    assert [words(td) for td in tags(client.page, "td")][-1] == "1"


def test_strengths_come_first_and_judgements_are_facts(app: Flask, client: PageClient) -> None:
    with transaction():
        make.offer(title="Help that helped")
        take(make.offer(title="Withdrawn"), "withdraw", by=people.person("giver"), reason="x")
    client.get(f"/authorities/{_code('Leeds')}")
    assert client.page is not None
    heads = [words(h) for h in tags(client.page, "h2")]
    assert heads[0] == "What it offers" and heads[-1] == "Inspections"
    assert "Help that helped" in client.text and "Withdrawn" not in client.text
    leeds = people.authority("Leeds")
    told = words(client.page)
    for judgement in leeds.judgements:
        assert judgement.framework in told and judgement.source in told
    for place in (*tags(client.page, "h1"), *tags(client.page, "title")):
        assert words(place).startswith("Leeds") and "utstanding" not in words(place)


def test_a_missing_overall_grade_is_said_to_be_missing(client: PageClient) -> None:
    without = select(Judgement.authority_id).where(Judgement.overall.is_(None))
    authority = db.session.scalars(select(Authority).where(Authority.id.in_(without))).first()
    if authority is None:
        with transaction():
            authority = people.authority("Leeds")
            authority.judgements[0].overall = None
    assert "Not given" in client.get(f"/authorities/{authority.code}")


def test_published_parts_are_shown_with_their_source(client: PageClient) -> None:
    client.get(f"/authorities/{_code('Leeds')}")
    assert "Part in programmes, as published" in client.text and "Source" in client.text


def test_neighbours_come_with_closeness_and_distance(client: PageClient) -> None:
    client.get(f"/authorities/{_code('Wirral')}")
    assert "Statistical neighbours" in client.text
    assert "close" in client.text and " km" in client.text


def test_a_former_code_leads_to_the_authority_now(client: PageClient) -> None:
    client.get("/authorities/e08000019", expect=302)
    assert "Sheffield" in client.follow()


def test_a_trust_that_delivers_is_said(client: PageClient) -> None:
    assert "are delivered by Achieving for Children" in client.get(
        f"/authorities/{_code('Kingston upon Thames')}"
    )


def test_support_is_counted_for_all_and_named_to_those_with_the_right(
    app: Flask, client: PageClient
) -> None:
    with transaction():
        make.day(make.partnership())
    leeds, wirral = _code("Leeds"), _code("Wirral")
    for name in ("", "other", "far_coordinator", "panel_1"):
        if name:
            client.sign_in(name)
        client.get(f"/authorities/{leeds}")
        assert "Partnerships in the exchange: 1 to 3" in client.text
        assert "A steadier front door" not in client.text
        assert "A steadier front door" not in client.get(f"/authorities/{wirral}")
    for name in ("giver", "receiver", "coordinator", "manager"):
        client.sign_in(name)
        for code in (leeds, wirral):
            assert "A steadier front door" in client.get(f"/authorities/{code}")


def test_the_map_has_a_hexagon_for_each_and_no_grade(client: PageClient) -> None:
    for colour in ("region", "offers", "grade"):
        client.get(f"/authorities/map?colour={colour}")
        assert client.text.count("<use ") == 153
        assert "utstanding" not in client.text and "nadequate" not in client.text


@pytest.mark.parametrize("code", ["E00000000", "leeds", "%00", "x" * 300, "..", "%25"])
def test_an_unknown_code_is_not_found(client: PageClient, code: str) -> None:
    client.get(f"/authorities/{code}", expect=404)


def test_no_need_is_named_on_a_public_page(app: Flask, client: PageClient) -> None:
    with transaction():
        make.agreed()
    client.get(f"/authorities/{_code('Wirral')}")
    assert "A steadier front door" not in client.text
    client.sign_in("other").get(f"/authorities/{_code('Leeds')}")
    assert "Wirral" not in client.text.split("Statistical neighbours")[0]


def test_every_authority_has_a_page(client: PageClient) -> None:
    codes = list(db.session.scalars(select(Authority.code).order_by(Authority.code)))
    for code in codes[::12]:
        client.get(f"/authorities/{code}")


def test_the_number_of_questions_does_not_grow(app: Flask, client: PageClient) -> None:
    counts = []
    for address in ("/authorities?q=leeds", "/authorities"):
        with client.counting() as statements:
            client.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
