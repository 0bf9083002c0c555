"""The facts reach the database once, and what people did there is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import String, func, select

from broker.db import Base, db, transaction
from broker.models.authority import Area, Authority, Grade, Judgement, Neighbour, Region
from broker.models.indicator import IndicatorValue
from broker.models.programme import Choice, Theme
from seed.facts import Facts, load_facts, read_facts

pytestmark = pytest.mark.postgres

if TYPE_CHECKING:
    from tests.seed.conftest import Tables

EVERYTHING = read_facts()
FEW_FIGURES = replace(EVERYTHING.indicators, values=EVERYTHING.indicators.values[:200])
FACTS = replace(EVERYTHING, indicators=FEW_FIGURES)
LEEDS = "E08000035"


def load(facts: Facts) -> dict[str, str]:
    """What was said of each table."""
    with transaction():
        report = load_facts(facts)
    return {name: str(tally) for name, tally in report.tables.items()}


def count(model: type[Base]) -> int | None:
    return db.session.scalar(select(func.count()).select_from(model))


def test_loading_again_writes_nothing(empty_database: None) -> None:
    with transaction():
        first = load_facts(EVERYTHING)
    with transaction():
        second = load_facts(EVERYTHING)
    assert first.tables["authority"].added == 153
    assert second.written == 0
    assert {t.unchanged for t in second.tables.values()} == {t.added for t in first.tables.values()}
    assert not any(tally.not_in_file for tally in second.tables.values())


def test_loading_leaves_the_commit_to_the_caller(empty_database: None) -> None:
    load_facts(FACTS)
    db.session.rollback()
    assert count(Authority) == 0


def test_facts_arrive_as_the_models_tell_them(empty_database: None) -> None:
    load(FACTS)
    leeds = db.session.scalars(select(Authority).filter_by(code=LEEDS)).one()
    assert (leeds.region.name, leeds.delivered_by) == ("Yorkshire and The Humber", "authority")
    assert leeds.latest_judgement is not None
    assert leeds.latest_judgement.overall is Grade.OUTSTANDING
    sheffield = db.session.scalars(select(Authority).filter_by(code="E08000039")).one()
    assert sheffield.former_codes == ["E08000019"]
    mash = db.session.scalars(select(Theme).filter_by(code="mash")).one()
    assert mash.parent is not None
    assert (mash.parent.code, mash.area) == ("front-door", Area.HELP_AND_PROTECTION)


def test_every_text_fits_its_column(empty_database: None) -> None:
    """SQLite lets longer ones through; PostgreSQL does not."""
    load(FACTS)
    columns = [column for table in Base.metadata.sorted_tables for column in table.c]
    for column in columns:
        if type(column.type) is String and column.type.length is not None:
            longest = db.session.scalar(select(func.max(func.length(column))))
            assert (longest or 0) <= column.type.length, column


def test_a_changed_fact_is_changed_alone(empty_database: None, tables: Tables) -> None:
    load(FACTS)
    tables.set_cell("authorities.csv", 2, "children", "12345")
    said = load(read_facts(tables.folder))
    assert said["authority"] == "0 added, 1 changed, 152 unchanged"
    assert said["judgement"] == "0 added, 0 changed, 479 unchanged"
    code = FACTS.authorities[0].code
    changed = db.session.scalars(select(Authority).filter_by(code=code)).one()
    assert changed.population_0_17 == 12345


def test_neighbours_gone_from_the_file_are_removed(empty_database: None, tables: Tables) -> None:
    load(FACTS)
    tables.cut_lines("neighbours.csv", 2)
    assert load(read_facts(tables.folder))["neighbour"].endswith("1528 unchanged, 2 removed")
    assert count(Neighbour) == 1528


def test_judgements_gone_from_the_file_are_kept_and_named(
    empty_database: None, tables: Tables
) -> None:
    load(FACTS)
    tables.cut_lines("judgements.csv")
    gone = FACTS.judgements[-1]
    named = f"{gone.authority} {gone.published_on} {gone.kind}"
    assert load(read_facts(tables.folder))["judgement"].endswith(f"1 not in file: {named}")
    assert count(Judgement) == 479


def test_lists_keep_what_the_file_no_longer_has(empty_database: None, tables: Tables) -> None:
    load(FACTS)
    for file in ("themes.csv", "choices.csv"):
        tables.cut_lines(file)
    said = load(read_facts(tables.folder))
    assert said["theme"].endswith(f"1 not in file: {FACTS.themes[-1].code}")
    assert said["choice"].endswith("1 not in file: level partners")
    assert (count(Theme), count(Choice)) == (len(FACTS.themes), len(FACTS.choices))


def test_a_corrected_figure_is_changed_and_a_gone_one_removed(
    empty_database: None, tables: Tables
) -> None:
    load(read_facts(tables.folder))
    tables.set_cell("indicator_values.csv", 2, "2025", "1.5")
    tables.set_cell("indicator_values.csv", 3, "2025", "")
    tables.set_cell("indicator_values.csv", 4, "2025", "x")
    said = load(read_facts(tables.folder))["indicator_value"]
    assert said == "0 added, 2 changed, 379 unchanged, 1 removed"
    england = select(IndicatorValue).filter_by(authority_id=None, region_id=None, year=2025)
    assert db.session.scalars(england).one().value == 1.5


def test_what_was_retired_stays_retired(empty_database: None) -> None:
    load(FACTS)
    with transaction():
        db.session.scalars(select(Choice).filter_by(code="coaching")).one().is_retired = True
    assert load(FACTS)["choice"] == f"0 added, 0 changed, {len(FACTS.choices)} unchanged"
    assert db.session.scalars(select(Choice).filter_by(code="coaching")).one().is_retired


def test_a_theme_can_move_under_a_new_heading(empty_database: None, tables: Tables) -> None:
    load(FACTS)
    lines = tables.lines("themes.csv")
    tables.add_line("themes.csv", ["", "new-heading", "New heading", "leaders"])
    tables.set_cell("themes.csv", len(lines), "parent", "new-heading")
    assert load(read_facts(tables.folder))["theme"].startswith("1 added, 1 changed")
    moved = db.session.scalars(select(Theme).filter_by(code=FACTS.themes[-1].code)).one()
    assert moved.parent is not None
    assert moved.parent.code == "new-heading"


def test_a_new_region_and_authority_arrive_together(empty_database: None, tables: Tables) -> None:
    load(FACTS)
    tables.add_line("regions.csv", ["E12000010", "New Region"])
    tables.set_cell("authorities.csv", 2, "region", "E12000010")
    said = load(read_facts(tables.folder))
    assert said["region"].startswith("1 added")
    assert said["authority"].startswith("0 added, 1 changed")
    assert count(Region) == 10
