"""The return pack: the same figures on screen, in the workbook, the CSV files and the JSON."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from broker import clock
from broker.clock import Quarter
from broker.db import db, transaction
from broker.exports.tables import Column, Table, csv_lines
from broker.exports.workbook import LONGEST, write_workbook
from broker.models.partnership import SupportDay, SupportDayState
from broker.models.return_ import Freeze
from broker.packs import content
from broker.packs.content import Pack, pack_now, pack_of
from broker.packs.writing import write_pack
from broker.returns import actions
from broker.returns.given import Days
from broker.returns.totals import DoesNotAddUp
from broker.taking import take
from tests import make, people
from tests.client import PageClient
from tests.returns import walk

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def records(app: Flask) -> Iterator[None]:
    """Two certified returns, one of them nil, and one that nobody started."""
    with transaction():
        first, second = walk.partnership(), walk.second_partnership()
        take(walk.day(first, quarter_days=6), "confirm", by=people.person("receiver"))
        walk.day(first, quarter_days=3)
        take(walk.day(second, quarter_days=5), "query", by=people.person("other"), reason="Which?")
        walk.partnership(giver="second_giver")
    with clock.set_to(walk.AFTER):
        with transaction():
            walk.certified()
        yield


@pytest.fixture
def frozen(records: None) -> Freeze:
    with transaction():
        return actions.freeze(
            programme=people.programme("pip"), quarter=walk.QUARTER, by=people.person("manager")
        )


def written(pack: Pack, ending: str) -> bytes:
    into = io.BytesIO()
    write_pack(pack, ending, into)
    return into.getvalue()


def in_json(pack: Pack) -> Rows:
    sheets: Rows = json.loads(written(pack, "json"))["sheets"]
    return sheets


def in_csv(pack: Pack) -> Rows:
    with zipfile.ZipFile(io.BytesIO(written(pack, "zip"))) as archive:
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""))
            )
            for name in archive.namelist()
        }


def in_workbook(pack: Pack) -> list[tuple[str, list[dict[str, Any]]]]:
    book = openpyxl.load_workbook(io.BytesIO(written(pack, "xlsx")), read_only=True)
    found = []
    for sheet in book:
        names, *rows = sheet.iter_rows(values_only=True)
        found.append((sheet.title, [dict(zip_longest(names, row)) for row in rows]))
    return found


def one_text(value: object) -> str:
    """A cell in whatever file, to compare: numbers as numbers, lists as in CSV."""
    if isinstance(value, list):
        value = "; ".join(value)
    if value is None:
        return ""
    try:
        return str(Decimal(str(value)).normalize())
    except ArithmeticError:
        return str(value)


def plain(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: one_text(value) for name, value in row.items()} for row in rows]


@pytest.mark.parametrize("is_frozen", [False, True], ids=["now", "frozen"])
def test_every_file_holds_the_same_figures(frozen: Freeze, is_frozen: bool) -> None:
    pack = pack_of(frozen) if is_frozen else pack_now(frozen.programme, frozen.quarter)
    as_json, as_csv, as_xlsx = in_json(pack), in_csv(pack), in_workbook(pack)
    assert list(as_json) == list(as_csv)
    assert len(as_xlsx) == len(as_json) == 13
    for name, (_, rows) in zip(as_json, as_xlsx, strict=True):
        assert plain(as_json[name]) == plain(as_csv[name]) == plain(rows), name


def test_the_screen_says_what_the_pack_says(frozen: Freeze, client: PageClient) -> None:
    england = next(row for row in in_json(pack_of(frozen))["totals"] if row["name"] == "England")
    assert (england["days_confirmed"], england["days_unconfirmed"]) == (1.5, 0.75)
    client.sign_in("manager").get(f"/programme/freezes/{frozen.id}")
    assert "<b>1.5</b> days confirmed by both sides" in client.text
    assert "<b>0.75</b> days not confirmed" in client.text


def test_england_is_the_sum_of_regions_providers_receivers_and_themes(frozen: Freeze) -> None:
    for pack in (pack_of(frozen), pack_now(frozen.programme, frozen.quarter)):
        sheets = in_json(pack)
        england = sheets["totals"][0]
        for field in (name for name in england if name.startswith(("days_", "support_"))):
            parts = [sheets[name] for name in ("by-provider", "by-receiver", "by-theme")]
            for group in ("Receiving region", "Providing region"):
                parts.append([row for row in sheets["totals"] if row["group"] == group])
            assert {sum(row[field] for row in rows) for rows in parts} == {england[field]}


@pytest.mark.parametrize("way", ["by_receiving_region", "by_providing_region", "by_theme"])
def test_nothing_is_handed_out_that_does_not_add_up(
    records: None, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content.Pack, "national", Days(confirmed=1))
    with pytest.raises(DoesNotAddUp):
        pack_now(people.programme("pip"), walk.QUARTER)


def test_what_happens_after_a_freeze_leaves_its_pack_as_it_was(frozen: Freeze) -> None:
    before = {ending: written(pack_of(frozen), ending) for ending in ("json", "zip")}
    with transaction():
        waits = select(SupportDay).filter_by(state=SupportDayState.LOGGED)
        day = db.session.scalars(waits).unique().one()
        take(day, "confirm", by=people.person("receiver"))
    db.session.expire_all()
    assert {ending: written(pack_of(frozen), ending) for ending in before} == before
    now = in_json(pack_now(frozen.programme, frozen.quarter))["totals"][0]
    assert (now["days_confirmed"], now["days_unconfirmed"]) == (2.25, 0)


def test_missing_returns_stand_outside_the_totals_and_are_named(frozen: Freeze) -> None:
    sheets = in_json(pack_of(frozen))
    missing = [row for row in sheets["data-quality"] if "missing" in row["what"]]
    names = {row["provider"] for row in sheets["by-provider"]}
    assert missing and names.isdisjoint(row["provider"] for row in missing)
    assert all(row["what"].endswith("outside the totals") for row in missing)


def test_words_that_are_still_being_written_stay_with_their_provider(records: None) -> None:
    return_ = walk.opened(giver="second_giver")
    actions.write(return_, outcomes="Not said yet", priorities="", by=people.person("second_giver"))
    db.session.commit()
    text = written(pack_now(people.programme("pip"), walk.QUARTER), "json").decode()
    assert "Children are seen sooner." in text
    assert "Not said yet" not in text


def test_the_quarter_before_and_a_year_before_stand_beside(frozen: Freeze) -> None:
    with clock.set_to(clock.return_opens(walk.QUARTER + 1)):
        pack = pack_now(frozen.programme, walk.QUARTER + 1)
    assert [one.basis for one in pack.earlier] == ["frozen 4 January 2027", "as the records stand"]
    measures = {row["measure"]: row for row in in_json(pack)["summary"]}
    assert measures["Confirmed days"]["quarter_before"] == 1.5
    assert measures["Confirmed days"]["this_quarter"] == 0


def test_feedback_tells_not_asked_from_not_answered(frozen: Freeze) -> None:
    rows = in_json(pack_of(frozen))["feedback-coverage"]
    assert rows
    for row in rows:
        assert (row["partnerships"], row["asked"], row["not_asked"]) == (3, 0, 3)


NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", "＝1"]
FINE = ["Ynys Môn", "孩子", "👧🏽", "a\nb", 'say "so"', "", "x" * LONGEST]


def cells_of(texts: list[str]) -> list[str]:
    table: Table[str] = Table("t", "a text", (Column("text", "It.", lambda text: text),))
    into = io.BytesIO()
    write_workbook(into, [("Texts", table, texts)])
    sheet = openpyxl.load_workbook(io.BytesIO(into.getvalue())).active
    assert {row[0].data_type for row in sheet.iter_rows()} <= {"s", "inlineStr", "n"}
    assert "".join(csv_lines(table, texts))
    return [row[0].value or "" for row in sheet.iter_rows(min_row=2)]


def test_what_a_spreadsheet_would_run_comes_out_inert() -> None:
    for text, cell in zip(NASTY, cells_of(NASTY), strict=True):
        assert cell[0] == "'"
        assert cell[1:].strip() == text.strip()


def test_text_of_any_kind_survives() -> None:
    assert cells_of(FINE) == FINE
    assert cells_of(["a\x00b\x1f\ud800c"]) == ["a\ufffdb\ufffd\ufffdc"]
    assert cells_of(["x" * (LONGEST + 1)])[0].endswith("The CSV has all of it.)")


def test_a_pack_asks_no_more_for_more_providers(records: None, client: PageClient) -> None:
    counts = []
    for names in ((), ("Kent", "Salford", "Warrington")):
        with clock.set_to(walk.QUARTER.last_day), transaction():
            for name in names:
                make.offer_by(make.director_of(name), title="Help")
        db.session.expire_all()
        with client.counting() as asked:
            pack = pack_now(people.programme(), walk.QUARTER)
        counts.append(len(asked))
        assert {*names} <= {part.name for part in pack.parts}
    assert counts[1] <= counts[0]


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["returns", *arguments])
    return result.exit_code, result.output


def test_the_commands_list_quarters_and_write_packs(
    app: Flask, frozen: Freeze, tmp_path: Path
) -> None:
    code, said = run(app, "list")
    assert code == 0
    assert f"Partners in Practice\t{walk.QUARTER}\t{frozen.id}" in said.splitlines()
    for ending in ("xlsx", "zip", "json"):
        out = tmp_path / f"pack.{ending}"
        wanted = ["--programme", "Partners in Practice", "--quarter", str(walk.QUARTER)]
        code, said = run(app, "pack", *wanted, "--freeze", str(frozen.id), "--out", str(out))
        assert code == 0, said
        assert out.stat().st_size > 500
    assert json.loads((tmp_path / "pack.json").read_text())["freeze"] == frozen.id
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--programme": "None such"}, "there is none called"),
        ({"--quarter": "2026 Q9"}, "Write it like 2026-27 Q1"),
        ({"--quarter": str(Quarter.named("2030-31 Q1"))}, "has not begun"),
        ({"--freeze": "999"}, "has no freeze 999"),
        ({"--out": "pack.pdf"}, "end it with"),
        ({"--out": "/nowhere/at/all.json"}, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(
    app: Flask, changed: dict[str, str], words: str, tmp_path: Path
) -> None:
    given = {"--programme": "pip", "--quarter": str(walk.QUARTER), "--out": str(tmp_path / "a.zip")}
    code, said = run(app, "pack", *(part for pair in (given | changed).items() for part in pair))
    assert code != 0
    assert words in said
    assert "Traceback" not in said
