"""The printed documents say what the code says; public pages carry no identity but our own."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from broker.config import ROOT
from broker.printed import printed_documents
from tests.client import PageClient

IDENTITY = re.compile(r"GOV\.UK|\bcrown\b|GDS Transport|nta-light", re.IGNORECASE)


def test_every_printed_document_is_up_to_date(app: Flask) -> None:
    for name, text in printed_documents().items():
        written = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert written == text, f"docs/{name} is old: run `make docs`"


def test_the_built_styles_and_fonts_hold_nobody_elses_identity() -> None:
    dist = ROOT / "broker" / "static" / "dist"
    styles = (dist / "app.css").read_text(encoding="utf-8")
    assert not IDENTITY.search(styles)
    names = [file.name for file in dist.rglob("*") if file.is_file()]
    assert not [name for name in names if IDENTITY.search(name)]


@pytest.mark.parametrize(
    "address",
    ["/", "/offers", "/sign-in", "/demo", "/accessibility", "/how-it-works", "/how-to-ask"],
)
def test_no_page_passes_for_somebody_else(client: PageClient, address: str) -> None:
    page = client.get(address)
    assert not IDENTITY.search(page)
    assert "Open Government Licence v3.0" in page


def test_the_lock_file_of_the_frontend_names_no_address() -> None:
    lock = (ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_how_matching_decides_is_printed_from_the_criteria_in_use(client: PageClient) -> None:
    page = client.get("/how-matching-decides")
    assert "260" in page and "Same problem" in page
    assert "An authority does not help itself." in page and "reach the programme's floor" in (
        page.replace("&#39;", "'")
    )
