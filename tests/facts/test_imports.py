"""Importing newer facts: publishers' own layouts, a dry run, all or nothing, and what follows."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from broker import sheets
from broker.db import db, transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.facts import actions
from broker.facts.plan import Plan, plan
from broker.models.authority import Authority, Judgement, Neighbour
from broker.models.fact_import import FactImport, ImportState, Kind
from broker.models.indicator import IndicatorValue
from broker.models.offer import Offer, OfferState
from broker.models.partnership import Partnership
from broker.models.work import Message
from tests import make, people
from tests.facts import files
from tests.make import DAY

LEEDS = "E08000035"
J = Kind.JUDGEMENTS


def looked_at(kind: Kind, content: bytes) -> Plan:
    return plan(kind, content, source="test")


def said(planned: Plan, does: str) -> list[str]:
    return [f"{step.what}: {step.says}" for step in planned.steps if step.does == does]


def imported(content: bytes, kind: Kind = J) -> FactImport:
    by = people.person("administrator")
    made = actions.show(kind=kind, file_name="facts.csv", content=content, by=by)
    actions.apply(made, by=by)
    return made


# -- what follows -----------------------------------------------------------------------------


@pytest.mark.postgres
def test_a_judgement_file_suspends_and_flags_and_its_correction_lifts_and_history_tells_it(
    app: Flask,
) -> None:
    with transaction():
        pip = people.programme("pip")
        make.capacity(programme=pip)
        offer = make.offer(programme=pip)
        partnership = make.partnership(
            make.agreed(make.match(make.need(programme=pip), make.offer(programme=pip)))
        )
        ids = offer.id, partnership.id
    worse = files.ofsted(("Leeds", "12/10/2026", "17/11/2026", "Requires improvement to be good"))
    with transaction():
        planned = looked_at(J, worse)
        assert [one.verb for one in planned.consequences] == ["suspend", "suspend", "flag"]
        assert db.session.get_one(Offer, ids[0]).state is OfferState.PUBLISHED
    with transaction():
        made = imported(worse)
        assert made.plan["counts"]["added"] == 1 and made.content is None
    offer, partnership = db.session.get_one(Offer, ids[0]), db.session.get_one(Partnership, ids[1])
    assert offer.state is OfferState.SUSPENDED
    assert "good or outstanding" in (partnership.review_reason or "")
    told = set(db.session.scalars(select(Message.subject)))
    assert any("flagged for review" in one for one in told)
    assert any("suspended" in one for one in told)
    db.session.rollback()
    with transaction():
        imported(files.ofsted(("Leeds", "12/10/2026", "17/11/2026", "Outstanding")))
    db.session.rollback()
    assert offer.state is OfferState.PUBLISHED and partnership.review_reason is None
    assert [e.verb for e in reversed(history_of(offer))][-2:] == ["suspend", "lift"]
    assert [e.verb for e in reversed(history_of(partnership))][-2:] == ["flag", "lift_flag"]


def test_a_focused_visit_with_an_area_for_priority_action_suspends(app: Flask) -> None:
    make.offer()
    planned = looked_at(J, files.own((LEEDS, "2026-11-12", ""), priority="yes"))
    assert [one.verb for one in planned.consequences] == ["suspend"]


def test_an_import_that_fails_half_way_changes_nothing(app: Flask) -> None:
    with transaction():
        make.offer()
        by = people.person("administrator")
        made = actions.show(
            kind=J, file_name="x", content=files.own((LEEDS, "2026-11-12", "good")), by=by
        )
        made_id = made.id
    before = db.session.scalar(select(func.count(Judgement.id)))
    db.session.rollback()
    with transaction():
        made = db.session.get_one(FactImport, made_id)
        make.judged(people.GIVER, None, date(2026, 11, 12))
        with pytest.raises(NotPossible, match="have changed since"):
            actions.apply(made, by=people.person("administrator"))
        db.session.rollback()
    assert db.session.scalar(select(func.count(Judgement.id))) == before
    assert db.session.get_one(FactImport, made_id).state is ImportState.SHOWN


def test_only_administrators_import(app: Flask) -> None:
    content = files.own((LEEDS, "2026-11-12", "good"))
    for name in ("coordinator", "giver", "manager"):
        with pytest.raises(NotAllowed):
            actions.show(kind=J, file_name="x", content=content, by=people.person(name))


# -- layouts ----------------------------------------------------------------------------------


def test_ofsteds_table_is_read_from_ods_xlsx_and_csv_alike(app: Flask) -> None:
    line = ("Bristol", "01/09/2026", "2026-10-30", "Good")
    waiting = ("Leeds", "Not yet inspected", "", "")
    for form in (files.ods, files.xlsx, lambda rows, sheet: files.csv_file(*rows)):
        planned = looked_at(J, files.ofsted(line, waiting, make=form))
        assert (
            "Bristol" in said(planned, "added")[0] and "overall: good" in said(planned, "added")[0]
        )
        assert len(planned.steps) == 1


def test_the_scraped_overview_never_goes_over_ofsteds_own(app: Flask) -> None:
    head = ("la_code_new", "inspection_framework", "inspection_start_date", "publication_date",
            "overall_effectiveness_grade", "impact_of_leaders_grade", "help_and_protection_grade",
            "in_care_grade", "care_leavers_grade")  # fmt: skip
    new = ("E06000005", "standard", "2026-10-01", "2026-11-02", "not_reported_post_reform",
           *["good"] * 4)  # fmt: skip
    official = db.session.scalars(select(Judgement).filter_by(is_official=True)).first()
    assert official is not None
    old = (official.authority.code, "short", "", str(official.published_on), *["inadequate"] * 5)
    planned = looked_at(J, files.xlsx([head, new, old]))
    assert planned.counts["added"] == 1
    assert "Ofsted's own figures stand" in said(planned, "refused")[0]


def test_neighbours_in_the_departments_layout(app: Flask) -> None:
    names = [one.name for one in db.session.scalars(select(Authority).limit(12))]
    head = ["LA num", "LA Name"]
    line = ["383", "Leeds"]
    for number in range(1, 11):
        head += [f"SN{number}", "SNP"]
        line += [names[number], "Very close"]
    made = imported(files.xlsx([["Title"], [""], head, line]), Kind.NEIGHBOURS)
    assert made.state is ImportState.APPLIED
    first = select(Neighbour).filter_by(authority_id=people.authority("Leeds").id, rank=1)
    assert db.session.scalars(first).one().neighbour.name == names[1]


def test_indicators_in_the_interactive_tools_layout(app: Flask) -> None:
    head = ("LA Number", "LA and Regions", "Topic", "Measure_short", "Years", "Values")
    lines = (
        ("383", "Leeds", "CSC", "ReReferral", "2025-26", "17.4"),
        ("-", "England", "CSC", "ReReferral", "2025-26", "21.0"),
        ("380", "Bradford", "CSC", "ReReferral", "2025-26", "c"),
        ("383", "Leeds", "CSC", "ReReferral", "2027", "17.4"),
        ("383", "Leeds", "CSC", "ReReferral", "2025-26", "9.9"),
    )
    planned = looked_at(Kind.INDICATORS, files.csv_file(head, *lines))
    assert planned.counts == {"added": 2, "refused": 2}
    imported(files.csv_file(head, *lines), Kind.INDICATORS)
    new = select(IndicatorValue).filter_by(year=2026).order_by(IndicatorValue.value)
    assert [one.value for one in db.session.scalars(new)] == [17.4, 21.0]


def test_a_new_authority_from_the_geography_of_any_published_table(app: Flask) -> None:
    head = ("region_code", "region_name", "new_la_code", "old_la_code", "la_name")
    new = ("E12000003", "Yorkshire and The Humber", "E06000099", "999", "Craven and Leeds")
    taken = ("E12000003", "Yorkshire and The Humber", "E06000098", "383", "Somewhere")
    planned = looked_at(Kind.AUTHORITIES, files.csv_file(head, new, taken))
    assert said(planned, "added") == ["Craven and Leeds: "]
    assert "belongs to Leeds" in said(planned, "refused")[0]
    imported(files.csv_file(head, new), Kind.AUTHORITIES)
    assert people.authority("Craven and Leeds").type == "Unitary authority"


# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("E06999999", "2026-11-01", "good"), "an authority"),
        ((LEEDS, "2026-11-21", "good"), "in the future"),
        ((LEEDS, "2026-02-29", "good"), "not a day of the calendar"),
        ((LEEDS, "2026-11-01", "splendid"), "not one of"),
        ((LEEDS, "2026-11-01", ""), "no grade is given"),
        ((LEEDS, "", "good"), "date"),
        (("=1+1", "2026-11-01", "good"), "not an authority code"),
        (("<script>", "2026-11-01", "good"), "not an authority code"),
    ],
)
def test_a_row_that_does_not_hold_is_refused_with_its_reason(
    app: Flask, line: tuple[str, str, str], words: str
) -> None:
    planned = looked_at(J, files.own(line))
    assert words in said(planned, "refused")[0] and not planned.changes_something


def test_the_same_row_twice_is_refused_once(app: Flask) -> None:
    line = (LEEDS, "2026-11-01", "good")
    planned = looked_at(J, files.own(line, line))
    assert planned.counts == {"added": 1, "refused": 1}
    assert "the same thing as row 2" in said(planned, "refused")[0]


BOMB = {"content.xml": b"0" * (121 * 1024 * 1024)}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\0\0", "not a table"),
        (b"PK\x03\x04 and then nothing", "broken"),
        (files.zipped({"word/document.xml": "<w/>"}), "not a table"),
        (files.zipped({"content.xml": "<broken"}), "broken"),
        (files.xlsx([["a"]], more={"xl/vbaProject.bin": b"x"}), "macros"),
        (b"\xd0\xcf\x11\xe0 old", "old or locked Excel"),
        ("Ynys Môn".encode("latin-1"), "not UTF-8"),
        (b'a,"b\nc', "broken"),
        (b"x" * (sheets.MOST_BYTES + 1), "larger than 25 MB"),
    ],
    ids=lambda given: given[:12].decode("latin-1") if isinstance(given, bytes) else given,
)
def test_what_is_no_table_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(NotRight, match=words):
        sheets.read(content)


def test_a_file_that_unpacks_to_a_flood_is_refused_before_it_does() -> None:
    with pytest.raises(NotRight, match="unpacks to more"):
        sheets.read(files.zipped(BOMB))


def test_a_file_of_another_kind_says_which_columns_were_looked_for(app: Flask) -> None:
    with pytest.raises(NotRight, match="la num, sn1"):
        looked_at(Kind.NEIGHBOURS, files.own((LEEDS, "2026-11-01", "good")))


# -- pages and command ------------------------------------------------------------------------


def test_an_administrator_looks_applies_and_finds_it_in_the_history(app: Flask, client) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 5 * DAY})
        make.offer(title="Public words")
    client.sign_in("administrator").get("/facts/imports/new")
    typed = {"kind": "judgements", "csrf_token": client.token()}
    bad = client.browser.post(
        "/facts/imports/new",
        data={**typed, "file": (BytesIO(b"no"), "x.csv")},
    )
    assert bad.status_code == 422 and "columns of a known layout" in bad.text
    worse = files.own((LEEDS, "2026-11-12", "requires_improvement"), ("E06", "2026-11-12", "good"))
    answer = client.browser.post(
        "/facts/imports/new",
        data={**typed, "file": (BytesIO(worse), "n.csv")},
    )
    assert answer.status_code == 302, answer.text
    shown = client.get(answer.location)
    assert "would follow" in shown and "Public words" in shown and "Refused rows" in shown
    assert "Applied" in client.press("Apply exactly this")
    assert "1 import" in client.get("/facts?q=judgements&kind=judgements")
    assert "No imports here" in client.get("/facts?q=none")


def test_the_command_shows_then_applies_and_refuses_a_bad_file(app: Flask, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.ods"
    good.write_bytes(files.own((LEEDS, "2026-11-12", "good")))
    bad.write_bytes(b"PK nonsense")
    run = app.test_cli_runner().invoke
    before = db.session.scalar(select(func.count(Judgement.id)))
    dry = run(args=["facts", "import", "judgements", str(good)])
    assert dry.exit_code == 0 and "row 2: added: Leeds" in dry.output
    assert db.session.scalar(select(func.count(Judgement.id))) == before
    db.session.rollback()
    done = run(args=["facts", "import", "judgements", str(good), "--apply"])
    assert done.exit_code == 0 and "Applied." in done.output
    assert db.session.scalar(select(func.count(Judgement.id))) == (before or 0) + 1
    db.session.rollback()
    for args in (["judgements", str(bad)], ["neighbours", str(good)], ["judgements", "/nowhere"]):
        refused = run(args=["facts", "import", *args])
        assert refused.exit_code == 2 and refused.output.strip()
    again = run(args=["facts", "load"])
    assert "judgement: 0 added, 0 changed" in again.output, "the seed leaves imported tables alone"
