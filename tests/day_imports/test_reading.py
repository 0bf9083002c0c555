"""A spreadsheet of days: every wrong cell is named by row and column; nothing goes in unseen."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from flask import Flask

from broker import clock, ledger_check
from broker.day_imports import actions
from broker.day_imports.checking import Found, look
from broker.day_imports.columns import columns
from broker.day_imports.template import write_template
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.day_import import DayImport, DayImportState
from broker.models.match import Side
from broker.models.partnership import Partnership, SupportDayState
from broker.models.work import Message
from broker.partnerships.queries import plan_of
from broker.support_days.queries import log_of, support_types
from tests import make, people
from tests.client import PageClient
from tests.facts import files

HEADS = ("Date", "Days", "What was done", "How", "Kind of help", "People", "Given by",
         "Taken part", "Extra", "Note")  # fmt: skip
GOOD = ("1/12/2026", "0.5", "Joint audit", "on site", "Coaching practitioners", "2",
        "Practice lead", "Team manager", "", "Went well")  # fmt: skip
NOW = date(2026, 12, 18)
LETTER = dict(zip(HEADS, "ABCDEFGHIJ", strict=True))


def row(**changed: str) -> tuple[str, ...]:
    """A good row with some cells changed, by their heading with _ for a space."""
    by_head = {name.replace("_", " "): text for name, text in changed.items()}
    return tuple(by_head.get(head, text) for head, text in zip(HEADS, GOOD, strict=True))


def file(*rows: tuple[str, ...], make: Callable[..., bytes] = files.csv_file) -> bytes:
    return files.csv_file(HEADS, *rows) if make is files.csv_file else make([HEADS, *rows])


@pytest.fixture
def within(app: Flask) -> Partnership:
    with transaction():
        return make.partnership()


def looked(within: Partnership, content: bytes, side: Side = Side.PROVIDER) -> Found:
    with clock.set_to(NOW):
        return look(within, content, side)


BAD: list[tuple[str, str, str]] = [
    ("Date", "", "empty"),
    ("Date", "   ", "empty"),
    ("Date", "soon", "not a date"),
    ("Date", "46357", "a number, not a date"),
    ("Date", "46357.5", "a number, not a date"),
    ("Date", "31/11/2026", "no 31 November"),
    ("Date", "12/31/2026", "day first"),
    ("Date", "1/12/26", "year"),
    ("Date", "1/12/1926", "year"),
    ("Date", "1 Decembr 2026", "month"),
    ("Date", "2026-13-01", "month"),
    ("Date", "1/12/2027", "in the future"),
    ("Date", "19/11/2026", "opened on 20 November 2026"),
    ("Date", "#REF!", "error"),
    ("Days", "", "empty"),
    ("Days", "0", "quarter of a day"),
    ("Days", "0.3", "quarters of a day"),
    ("Days", "-1", "less than 0"),
    ("Days", "1,5", "number of days"),
    ("Days", "half", "number of days"),
    ("Days", "NaN", "number of days"),
    ("Days", "1e9", "5,000 or fewer"),
    ("Days", "8.25", "of those approved are left"),
    ("Days", "#N/A", "error"),
    ("What was done", "", "empty"),
    ("What was done", "x" * 201, "201 characters"),
    ("What was done", "a\x07b", "characters that cannot be kept"),
    ("What was done", "a\u202eb", "characters that cannot be kept"),
    ("What was done", "#DIV/0!", "error"),
    ("How", "", "empty"),
    ("How", "either", "‘on site’ or ‘remote’"),
    ("How", "by horse", "‘on site’ or ‘remote’"),
    ("Kind of help", "Magic", "none of the kinds of help"),
    ("People", "many", "whole number"),
    ("People", "2.5", "whole number"),
    ("People", "0", "between 1 and 1,000"),
    ("People", "1001", "between 1 and 1,000"),
    ("People", "-3", "between 1 and 1,000"),
    ("Given by", "x" * 121, "121 characters"),
    ("Taken part", "x" * 121, "121 characters"),
    ("Extra", "perhaps", "‘yes’"),
    ("Extra", "yes", "0 days of the extra days agreed"),
    ("Note", "x" * 2001, "2,001 characters"),
    ("Note", "#VALUE!", "error"),
]


def test_there_are_forty_kinds_of_bad_cell() -> None:
    assert len(set(BAD)) >= 40


@pytest.mark.parametrize(("heading", "typed", "said"), BAD)
def test_a_bad_cell_is_named_by_row_and_column_and_the_others_stay_good(
    within: Partnership, heading: str, typed: str, said: str
) -> None:
    bad = row(**{heading.replace(" ", "_"): typed})
    found = looked(within, file(row(What_was_done="One"), bad, row(What_was_done="Three")))
    assert [(one.row, one.column, one.heading) for one in found.wrong] == [
        (3, LETTER[heading], heading)
    ]
    assert said in found.wrong[0].said
    assert [one.row for one in found.good] == [2, 4]


def test_all_the_wrong_cells_of_a_row_are_named_at_once(within: Partnership) -> None:
    found = looked(within, file(row(Date="soon", Days="x", How="", People="many")))
    assert [(one.row, one.column) for one in found.wrong] == [
        (2, "A"), (2, "B"), (2, "D"), (2, "F"),
    ]  # fmt: skip
    assert found.wrong_rows == 1 and not found.good


@pytest.mark.parametrize(
    ("heads", "row_", "column", "said"),
    [
        (("Date", "Days", "What was done"), 1, "", "‘How’ is missing"),
        (("Date", "Days", "What was done", "How", "Cost"), 1, "E", "not in the template"),
        (("Date", "Days", "What was done", "How", "Days"), 1, "E", "twice"),
    ],
)
def test_wrong_headings_are_named_by_their_column(
    within: Partnership, heads: tuple[str, ...], row_: int, column: str, said: str
) -> None:
    found = looked(within, files.csv_file(heads, ("1/12/2026", "1", "Visit", "remote", "x")))
    [wrong] = found.wrong
    assert (wrong.row, wrong.column) == (row_, column) and said in wrong.said
    assert not found.good


def test_a_cell_without_a_heading_is_named(within: Partnership) -> None:
    found = looked(within, files.csv_file(HEADS, (*GOOD, "stray")))
    assert [(one.row, one.column) for one in found.wrong] == [(2, "K")]


def test_rows_count_as_the_spreadsheet_numbers_them(within: Partnership) -> None:
    empty = ("",) * len(HEADS)
    lines = (("",), HEADS, empty, row(), empty, row(Days="x", What_was_done="Two"))
    for made in (files.csv_file(*lines), files.xlsx(lines), files.ods(lines)):
        found = looked(within, made)
        assert [one.row for one in found.good] == [4]
        assert [(one.row, one.column) for one in found.wrong] == [(6, "B")]


@pytest.mark.parametrize("written", ["1/12/2026", "01.12.2026", "1-12-2026", "2026-12-01",
                                     "1 December 2026", "1 Dec 2026"])  # fmt: skip
def test_dates_are_read_as_people_write_them(within: Partnership, written: str) -> None:
    assert looked(within, file(row(Date=written))).good[0].entry.given_on == date(2026, 12, 1)


def test_the_template_is_filled_in_and_read_back(within: Partnership) -> None:
    kinds = support_types()
    empty = io.BytesIO()
    write_template(empty, columns(kinds), kinds)
    with pytest.raises(NotRight, match="no days in this file"):
        looked(within, empty.getvalue())
    book = openpyxl.load_workbook(empty)
    book["Days"].append([date(2026, 12, 1), 0.75, "=1+1", "Remote", kinds[2].name.upper(), 3])
    book["Days"]["C2"].data_type = "s"
    saved = io.BytesIO()
    book.save(saved)
    [good] = looked(within, saved.getvalue()).good
    entry = good.entry
    assert (entry.given_on, entry.quarter_days, entry.activity) == (date(2026, 12, 1), 3, "=1+1")
    assert (entry.support_type, entry.people_count) == (kinds[2], 3)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0", "old or locked"),
        (b"PK\x03\x04", "broken"),
        (b"\x00\x01", "not a table"),
        (b"\xff\xfe", "UTF-8"),
        (b"\n\n", "nothing in this file"),
        (b"Date,Days,What was done,How\n", "no days in this file"),
        (files.csv_file(HEADS, *[GOOD] * 501), "501 rows"),
        (files.zipped({"xl/workbook.xml": "x", "xl/vbaProject.bin": "x"}), "macros"),
    ],
)
def test_what_is_no_such_table_is_refused_in_words(
    within: Partnership, content: bytes, said: str
) -> None:
    with pytest.raises(NotRight, match=said) as refused:
        make.day_import(within, content)
    assert refused.value.field == "file"


def test_the_days_left_run_out_in_the_order_of_the_rows(within: Partnership) -> None:
    rows = [row(Days="3", What_was_done=f"Visit {n}") for n in range(4)]
    found = looked(within, file(*rows))
    assert [one.row for one in found.good] == [2, 3]
    assert [(one.row, one.column) for one in found.wrong] == [(4, "B"), (5, "B")]
    assert "2 days of those approved are left after the rows above" in found.wrong[0].said


def test_what_is_there_twice_or_in_the_log_already_is_a_wrong_row(within: Partnership) -> None:
    with clock.set_to(NOW), transaction():
        make.day(within, quarter_days=2, on=date(2026, 12, 1))
    logged = row(What_was_done="looked at decisions TOGETHER")
    found = looked(within, file(row(), row(), logged, row(Days="1")))
    assert [(one.row, one.said.split(":")[0]) for one in found.wrong] == [
        (3, "This row says the same as row 2."),
        (4, "This is in the log already"),
    ]
    assert "has been logged already" in found.good[1].doubt


def test_what_the_other_side_logged_is_confirmed_and_counts_once(within: Partnership) -> None:
    with clock.set_to(NOW), transaction():
        day = make.day(within, quarter_days=2, on=date(2026, 12, 1), by="receiver_lead")
        made = make.day_import(within, file(row(), row(What_was_done="Two", Date="2/12/2026")))
        actions.apply(made, seal=actions.found_in(made).seal, only_good=False,
                      by=people.person("giver_lead"))  # fmt: skip
        assert (made.logged, made.confirmed) == (1, 1)
        assert day.state is SupportDayState.CONFIRMED
        assert plan_of(within).delivered == 4
        assert list(ledger_check.problems()) == []


def applied(made: DayImport, *, only_good: bool = False, seal: str = "") -> None:
    seal = seal or actions.found_in(made).seal
    actions.apply(made, seal=seal, only_good=only_good, by=people.person("giver_lead"))


def test_nothing_is_logged_until_all_is_right_or_somebody_chose_the_good_rows(
    within: Partnership,
) -> None:
    content = file(row(), row(Days="x"), row(What_was_done="Three", Extra="no"))
    with clock.set_to(NOW):
        with transaction():
            made = make.day_import(within, content)
        assert log_of(within) == []
        with pytest.raises(NotRight, match="choose the good rows"), transaction():
            applied(made)
        assert log_of(within) == [] and made.state is DayImportState.SHOWN
        with transaction():
            applied(made, only_good=True)
        days = log_of(within)
    assert sorted(day.activity for day in days) == ["Joint audit", "Three"]
    assert {day.import_id for day in days} == {made.id}
    assert [(one["row"], one["column"]) for one in made.left_out] == [(3, "B")]
    assert made.content is None
    told = [m for m in db.session.query(Message) if m.kind.startswith(("day_import", "support_"))]
    assert {m.kind for m in told} == {"day_import apply"}
    with pytest.raises(NotPossible):
        actions.apply(made, seal="", only_good=True, by=people.person("giver_lead"))


def test_when_the_log_changed_meanwhile_it_is_shown_again_first(within: Partnership) -> None:
    with clock.set_to(NOW):
        with transaction():
            made = make.day_import(within, file(row()))
            seal = actions.found_in(made).seal
            make.day(within, quarter_days=2, on=date(2026, 12, 1), by="receiver_lead")
        with pytest.raises(NotPossible, match="has changed since"), transaction():
            applied(made, seal=seal)
        with transaction():
            applied(made)


def test_only_the_side_that_brought_it_logs_it(within: Partnership) -> None:
    made = make.day_import(within)
    for name in ("receiver", "receiver_lead", "coordinator", "other"):
        with pytest.raises(NotAllowed):
            actions.apply(made, seal="", only_good=True, by=people.person(name))


def test_from_choosing_the_file_to_the_days_on_the_screen(
    within: Partnership, client: PageClient
) -> None:
    address = f"/partnerships/{within.id}/days/import"
    with clock.set_to(NOW):
        client.sign_in("giver_lead").get(address)
        client.send(expect=422)
        assert "Choose a file" in client.text
        wrong = file(row(Note="<b>x</b>"), row(How="by <i>horse</i>", What_was_done="Two"))
        client.send(file=(io.BytesIO(wrong), "days <b>.csv"))
        client.follow()
        assert "Row 3" in client.text and "D: How" in client.text
        assert "<i>horse" not in client.text and "<b>x" not in client.text
        client.press("Log 1 row", expect=422)
        assert "choose the good rows only" in client.text and log_of(within) == []
        client.press("Log 1 row", only_good="yes")
        assert "1 rows are logged" in client.text and "from a spreadsheet" in client.text
        assert "Confirm 1 entry" in client.sign_in("receiver").get(
            f"/partnerships/{within.id}/days"
        )
        client.sign_in("receiver").get("/days/imports/1", expect=404)


def test_the_template_is_a_workbook_with_the_kinds_of_help(client: PageClient, app: Flask) -> None:
    answer = client.sign_in("giver").browser.get("/days/template.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        assert "xl/worksheets/sheet3.xml" in book.namelist()
