"""The fact tables hold together, and refuse what does not hold by file, line and column."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from broker.models.authority import Area
from seed.facts import BadRow, read_facts
from seed.rows import JudgementRow

if TYPE_CHECKING:
    from tests.seed.conftest import Tables

FACTS = read_facts()
LEEDS = "E08000035"


def refusal(tables: Tables) -> BadRow:
    with pytest.raises(BadRow) as refused:
        read_facts(tables.folder)
    return refused.value


# What the tables say


def test_there_are_153_authorities_in_9_regions() -> None:
    assert len(FACTS.authorities) == 153
    assert len(FACTS.regions) == 9
    assert {row.region for row in FACTS.authorities} == {row.code for row in FACTS.regions}
    assert Counter(row.type for row in FACTS.authorities) == {
        "Unitary authority": 63,
        "Metropolitan district": 36,
        "London borough": 32,
        "County council": 21,
        "City of London Corporation": 1,
    }


def test_trusts_deliver_for_ten_authorities() -> None:
    trusts = [row for row in FACTS.authorities if row.delivered_by != "authority"]
    assert len(trusts) == 10
    assert {row.short_name for row in trusts if row.delivered_since is None} == {"Sandwell"}


def test_every_authority_has_ten_neighbours_ranked_1_to_10() -> None:
    for authority in FACTS.authorities:
        rows = [row for row in FACTS.neighbours if row.authority == authority.code]
        assert sorted(row.rank for row in rows) == list(range(1, 11))
        assert len({row.neighbour for row in rows}) == 10


def may_provide_under_partners_in_practice(latest: JudgementRow) -> bool:
    """Good or outstanding overall (where given) and in every area given."""
    return all(grade.is_good_or_better for grade in latest.grades)


def test_81_authorities_may_provide_under_partners_in_practice() -> None:
    by_date = sorted(FACTS.judgements, key=lambda row: row.published_on)
    latest = {row.authority: row for row in by_date}
    assert len(latest) == 153
    assert sum(map(may_provide_under_partners_in_practice, latest.values())) == 81


def test_overall_grades_are_absent_only_since_april_2026() -> None:
    without = [row for row in FACTS.judgements if row.overall is None]
    assert {row.authority for row in without} == {"E06000066", "E09000005"}
    assert all(str(row.inspected_on) >= "2026-04" for row in without)


def test_partners_and_earlier_partnerships_are_all_there() -> None:
    programmes = Counter(row.programme_name for row in FACTS.partners)
    assert programmes == {"PiP": 23, "SLIP": 4}
    assert len(FACTS.earlier_partnerships) == 14


def test_every_theme_has_an_area_and_a_heading() -> None:
    headings = {row.code for row in FACTS.themes if row.parent is None}
    below = [row for row in FACTS.themes if row.parent is not None]
    assert len(headings) == 8
    assert {row.parent for row in below} == headings
    assert {row.area for row in below} == set(Area)


def test_every_authority_has_a_hexagon_of_its_own() -> None:
    assert {tile.authority for tile in FACTS.tiles} == {row.code for row in FACTS.authorities}
    assert len({(tile.column, tile.row) for tile in FACTS.tiles}) == 153
    rows = {tile.authority: tile.row for tile in FACTS.tiles}
    assert rows["E06000057"] < rows["E08000035"] < rows["E06000046"]  # north to south


def test_every_list_has_choices_in_order() -> None:
    for kind in ("support_type", "mode", "style", "level"):
        positions = [row.position for row in FACTS.choices if row.kind == kind]
        assert positions == list(range(1, len(positions) + 1))
        assert len(positions) >= 3


def test_19_indicators_speak_of_authorities_regions_and_england() -> None:
    facts = FACTS.indicators
    assert len(facts.indicators) == 19 and len(facts.values) == 29_450
    places = {authority.code for authority in FACTS.authorities}
    places |= {region.code for region in FACTS.regions} | {"E92000001"}
    for indicator in facts.indicators:
        seen = {row.place for row in facts.values if row.indicator == indicator.code}
        latest = {r.place for r in facts.values if r.indicator == indicator.code and r.year == 2025}
        assert seen <= places and len(seen) >= 162
        assert {"E92000001", "E12000007"} <= latest


def test_figures_to_be_wary_of_say_why() -> None:
    flags = Counter(row.flag for row in FACTS.indicators.values)
    assert flags["not-usable"] == 4
    assert all((row.value is None) == (row.flag == "not-usable") for row in FACTS.indicators.values)
    joint = {row.place for row in FACTS.indicators.values if row.flag == "joint-return"}
    assert joint == {"E09000021", "E09000027", "E06000061", "E06000062"}


# What is refused


@pytest.mark.parametrize(
    ("file", "line", "column", "value", "why"),
    [
        ("regions.csv", 3, "code", "E99000001", "region code"),
        ("regions.csv", 3, "name", "", "is empty"),
        ("authorities.csv", 5, "code", "E0600000", "authority code"),
        ("authorities.csv", 5, "code", "W06000001", "authority code"),
        ("authorities.csv", 5, "region", "E12000010", "region in regions.csv"),
        ("authorities.csv", 5, "dfe_number", "8O5", "DfE number"),
        ("authorities.csv", 5, "type", "Shire", "one of"),
        ("authorities.csv", 5, "name", "x" * 81, "more than 80"),
        ("authorities.csv", 5, "london_part", "middle", "one of"),
        ("authorities.csv", 5, "delivered_since", "2019-10", "is for trusts"),
        ("authorities.csv", 5, "former_codes", "E10000002;Leeds", "'Leeds'"),
        ("authorities.csv", 5, "since", "2023-02-29", "calendar"),
        ("authorities.csv", 5, "latitude", "55.95", "between"),
        ("authorities.csv", 5, "longitude", "2.35", "between"),
        ("authorities.csv", 5, "longitude", "1°W", "a number"),
        ("authorities.csv", 5, "children", "12.5", "whole number"),
        ("authorities.csv", 5, "children", "0", "between"),
        ("authorities.csv", 5, "deprivation", "1.2", "between"),
        ("authorities.csv", 5, "deprivation_basis", "guessed", "one of"),
        ("authorities.csv", 5, "rural_band", "Rural", "one of"),
        ("authorities.csv", 5, "rural_percent", "101", "between"),
        ("judgements.csv", 9, "code", "E06000099", "authority that is known"),
        ("judgements.csv", 9, "published", "31/03/2025", "a date like"),
        ("judgements.csv", 9, "published", "", "a date like"),
        ("judgements.csv", 9, "published", "20250331", "a date like"),
        ("judgements.csv", 9, "inspected", "2099-01-01", "after the day of publication"),
        ("judgements.csv", 9, "framework", "JTAI", "one of"),
        ("judgements.csv", 9, "kind", "visit", "one of"),
        ("judgements.csv", 9, "overall", "Good", "one of"),
        ("judgements.csv", 9, "leaders", "fair", "one of"),
        ("judgements.csv", 9, "help_and_protection", "fair", "one of"),
        ("judgements.csv", 9, "children_in_care", "fair", "one of"),
        ("judgements.csv", 9, "care_leavers", "fair", "one of"),
        ("judgements.csv", 9, "standing", "rumoured", "one of"),
        ("judgements.csv", 9, "source", "", "is empty"),
        ("neighbours.csv", 7, "code", "E06000099", "authority that is known"),
        ("neighbours.csv", 7, "neighbour", "E10000006", "authority that is known"),
        ("neighbours.csv", 7, "neighbour", "E06000005", "the authority itself"),
        ("neighbours.csv", 7, "rank", "0", "between 1 and 10"),
        ("neighbours.csv", 7, "rank", "11", "between 1 and 10"),
        ("neighbours.csv", 7, "closeness", "near", "one of"),
        ("partners.csv", 4, "code", "E06000099", "authority that is known"),
        ("partners.csv", 4, "programme", "SIP", "one of"),
        ("partners.csv", 4, "wave", "first", "whole number"),
        ("partners.csv", 4, "started", "spring 2016", "year or month"),
        ("partners.csv", 4, "ended", "2001", "before the start"),
        ("partners.csv", 4, "source", "", "is empty"),
        ("partners.csv", 4, "confidence", "", "is empty"),
        ("earlier_partnerships.csv", 2, "provider", "E06000099", "authority that is known"),
        ("earlier_partnerships.csv", 2, "receiver", "E10000014", "the provider itself"),
        ("earlier_partnerships.csv", 2, "started", "", "year or month"),
        ("earlier_partnerships.csv", 2, "ended", "2012", "before the start"),
        ("earlier_partnerships.csv", 2, "basis", "", "is empty"),
        ("themes.csv", 3, "parent", "mash", "heading"),
        ("themes.csv", 3, "area", "", "one of"),
        ("themes.csv", 3, "code", "Front door", "a code like"),
        ("themes.csv", 3, "name", "", "is empty"),
        ("choices.csv", 3, "kind", "tone", "one of"),
        ("choices.csv", 3, "position", "-1", "whole number"),
        ("choices.csv", 3, "code", "", "a code like"),
        ("tiles.csv", 3, "code", "E06000099", "authority that is known"),
        ("tiles.csv", 3, "row", "-1", "whole number"),
        ("indicators.csv", 3, "unit", "pounds", "one of"),
        ("indicators.csv", 3, "better", "up", "one of"),
        ("indicators.csv", 3, "meaning", "", "is empty"),
        ("indicator_values.csv", 9, "indicator", "happiness", "an indicator in indicators.csv"),
        ("indicator_values.csv", 9, "place", "E06000099", "an authority, a region or England"),
        ("indicator_values.csv", 9, "2019", "c", "a figure like"),
        ("indicator_values.csv", 9, "2019", "-1", "a figure like"),
        ("indicator_notes.csv", 2, "code", "doubtful", "one of"),
        ("indicator_notes.csv", 2, "places", "E06000099", "not in the other tables"),
        ("indicator_notes.csv", 2, "from", "1999", "between"),
    ],
)
def test_a_bad_cell_is_refused_by_file_line_and_column(
    tables: Tables, file: str, line: int, column: str, value: str, why: str
) -> None:
    tables.set_cell(file, line, column, value)
    refused = refusal(tables)
    assert (refused.file, refused.line, refused.column) == (file, line, column)
    assert why in refused.words
    assert refused.words.startswith(f"{file}, line {line}, column {column}: ")


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("regions.csv", "code"),
        ("authorities.csv", "code"),
        ("judgements.csv", "code + published"),
        ("neighbours.csv", "code + rank"),
        ("partners.csv", "code + programme"),
        ("earlier_partnerships.csv", "provider + receiver"),
        ("themes.csv", "code"),
        ("choices.csv", "kind + code"),
        ("tiles.csv", "code"),
        ("indicators.csv", "code"),
        ("indicator_values.csv", "indicator + place"),
    ],
)
def test_a_repeated_key_is_refused_with_both_lines(tables: Tables, file: str, column: str) -> None:
    lines = tables.lines(file)
    tables.add_line(file, lines[2])
    refused = refusal(tables)
    assert (refused.file, refused.line, refused.column) == (file, len(lines) + 1, column)
    assert "line 3" in refused.why


def test_a_neighbour_named_twice_is_refused(tables: Tables) -> None:
    tables.set_cell("neighbours.csv", 3, "neighbour", "E08000037")
    assert refusal(tables).column == "code + neighbour"


def test_a_judgement_without_any_grade_is_refused(tables: Tables) -> None:
    for column in ("overall", *(area.value for area in Area)):
        tables.set_cell("judgements.csv", 2, column, "")
    refused = refusal(tables)
    assert (refused.line, refused.column) == (2, "overall")
    assert "no grade" in refused.words


@pytest.mark.parametrize(
    ("spoilt", "line", "column", "why"),
    [
        (b"", 1, "", "empty"),
        (b"\n\n", 1, "", "empty"),
        (b"code,name\n", 1, "", "no line under"),
        (b"code\nE12000001\n", 1, "name", "missing"),
        (b"code,name,size\nE12000001,North East,3\n", 1, "size", "not a column"),
        (b"code,name,name\nE12000001,North East,3\n", 1, "name", "twice"),
        (b"code,name\nE12000001\n", 2, "name", "ends before"),
        (b"code,name\nE12000001,North East,3\n", 2, "name", "3 cells"),
        (b"code,name\nE12000001,North\xe9\n", 2, "", "UTF-8"),
        (b'code,name\nE12000001,"North" East\n', 2, "", "CSV"),
        (b'code,name\n\nE12000001,"North\nEast"\nE1200000,South\n', 5, "code", "region code"),
    ],
)
def test_a_spoilt_file_is_refused_by_line(
    tables: Tables, spoilt: bytes, line: int, column: str, why: str
) -> None:
    (tables.folder / "regions.csv").write_bytes(spoilt)
    refused = refusal(tables)
    assert (refused.file, refused.line, refused.column) == ("regions.csv", line, column)
    assert why in refused.why


def test_a_missing_file_is_refused_by_name(tables: Tables) -> None:
    (tables.folder / "themes.csv").unlink()
    assert refusal(tables).words == "themes.csv, line 1: there is no such file."


def test_spreadsheet_habits_are_tolerated(tables: Tables) -> None:
    plain = read_facts(tables.folder)
    for path in tables.folder.glob("*.csv"):
        text = path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n"
        path.write_bytes(b"\xef\xbb\xbf" + text)
    assert read_facts(tables.folder) == plain
