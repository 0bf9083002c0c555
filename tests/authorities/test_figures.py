"""Indicators stand beside neighbours, region and England, and say what is missing or odd."""

from __future__ import annotations

import pytest
from flask import Flask

from broker.authorities import figures
from tests import people
from tests.client import PageClient


def _of(name: str, indicator: str, year: int) -> figures.Figures:
    shown = figures.indicator_coded(indicator)
    assert shown is not None
    rows = figures.by_year(people.authority(name), shown)
    return next(row for row in rows if row.year == year)


@pytest.mark.postgres
def test_a_figure_stands_beside_neighbours_region_and_england(app: Flask) -> None:
    row = _of("Leeds", "referrals", 2025)
    assert None not in row.shown.values() and row.england == 519.4
    assert len(figures.latest_of(people.authority("Leeds"))) == 19


def test_what_is_missing_or_odd_is_said_in_words(app: Flask) -> None:
    assert _of("Cumberland", "referrals", 2020).own_words == "Before it began"
    assert _of("Rotherham", "protection-plans-reviewed", 2023).own_words != "Not usable"
    doubtful = [
        row
        for name in ("Doncaster", "Wolverhampton", "Wakefield")
        for year in (2016, 2018, 2023)
        if (row := _of(name, "protection-plans-reviewed", year)).own is None
    ]
    assert {row.own_words for row in doubtful} >= {"Not usable"}
    joint = _of("Kingston upon Thames", "turnover", 2025)
    assert "figure is for both" in joint.flags[0].words


@pytest.mark.parametrize("name", ["Leeds", "Isles of Scilly", "Kingston upon Thames", "Cumberland"])
def test_the_pages_of_figures_ask_few_questions(client: PageClient, name: str) -> None:
    code = people.authority(name).code
    for address in ("indicators", "indicators/turnover", "indicators/long-protection-plans"):
        with client.counting() as statements:
            client.get(f"/authorities/{code}/{address}")
        assert len(statements) <= 10, statements
    client.get(f"/authorities/{code}/indicators?show=turnover", expect=302)
    assert client.follow().count("</svg>") >= (1 if name != "Isles of Scilly" else 0)


def test_figures_download_with_their_notes(client: PageClient) -> None:
    text = client.get(
        f"/authorities/{people.authority('Kingston upon Thames').code}/indicators.csv"
    )
    lines = text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith("indicator,name,unit")
    assert len(lines) == 1 + 19 * 10 - 2
    assert any("figure is for both" in line for line in lines)


@pytest.mark.parametrize("code", ["nothing", "%00", "x" * 300, "turnover'--"])
def test_an_unknown_indicator_is_not_found(client: PageClient, code: str) -> None:
    client.get(f"/authorities/{people.authority('Leeds').code}/indicators/{code}", expect=404)
