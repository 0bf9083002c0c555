"""Documents printed from the code's own tables, so that they cannot drift from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app

from broker import day_sights, region_sights, sights
from broker.api.document import api_page
from broker.dashboards.tables import TABLES as DASHBOARDS
from broker.exports.capacity_index import TABLES as CAPACITY_INDEX
from broker.exports.columns import columns_document
from broker.exports.learning import TABLES as LEARNING
from broker.exports.looking_back import TABLES as LOOKING_BACK
from broker.matching.criteria import CRITERIA
from broker.matching.rules import RULES, points_reach_floor
from broker.outcomes import Outcome
from broker.pace import PACES
from broker.packs.sheets import TABLES as PACK_TABLES
from broker.personal.queries import links
from broker.printed_security import security_page
from broker.retention import RETENTION
from broker.taking import words
from broker.workflow import ROWS, STATES, Row

NOTE = "<!-- Printed from the code by `make docs`. Change the code, not this page. -->\n\n"
MORE_TABLES = (*LOOKING_BACK, *DASHBOARDS, *LEARNING, *CAPACITY_INDEX, *PACK_TABLES)
EVERY_RULE = (*RULES, points_reach_floor)


def printed_documents() -> dict[str, str]:
    """File name under docs/ → its text."""
    return {
        "states.md": NOTE + _states(),
        "permissions.md": NOTE + _permissions(),
        "matching.md": NOTE + _matching(),
        "routes.md": NOTE + _routes(),
        "api.md": NOTE + api_page(),
        "security.md": NOTE + security_page(),
        "retention.md": NOTE + _retention(),
        "exports.md": NOTE + columns_document(MORE_TABLES),
    }


def _line(thing: Any) -> str:
    """The first sentence of a thing's docstring, on one line."""
    return " ".join((thing.__doc__ or "").split())


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


HEAD = ("Verb", "From", "To", "Who", "Only when", "Reason", "Proof", "Days", "Told")


def _states() -> str:
    parts = [
        "# States and verbs\n\nOne row per verb, as `broker/workflow.py` holds them."
        " Proof: when who does it must have shown within a quarter of an hour who they are.\n"
    ]
    for noun in dict.fromkeys(row.noun for row in ROWS):
        parts.append(f"\n## {noun.replace('_', ' ').capitalize()}\n\n")
        if noun in STATES:
            parts.append("States: " + ", ".join(words(s) for s in STATES[noun]) + ".\n\n")
        rows = [_verb_row(row) for row in ROWS if row.noun == noun]
        parts.append(_table(HEAD, rows))
    return "".join(parts)


def _verb_row(row: Row) -> tuple[str, ...]:
    ends = row.to.ends if isinstance(row.to, Outcome) else (row.to,) if row.to else ()
    return (
        row.verb.replace("_", " "),
        ", ".join(words(state) for state in row.from_) or "(new)" if row.from_ else "(new)",
        " or ".join(words(state) for state in ends) or "(stays)",
        "; ".join(_line(test) for test in row.who),
        "; ".join(_line(condition) for condition in row.when) or "-",
        row.reason.value,
        _line(row.weighs) or "-",
        _line(row.effect) or "-",
        "; ".join(_line(group) for group in row.tells) or "-",
    )


def _permissions() -> str:
    known = {**vars(sights), **vars(day_sights), **vars(region_sights)}
    seen = [(n, f) for n, f in known.items() if n.endswith("_seen_by")]
    rows = [(name.removesuffix("_seen_by").replace("_", " "), _line(f)) for name, f in seen]
    tests = dict.fromkeys(test for row in ROWS for test in row.who)
    may = [
        (
            _line(test),
            ", ".join(
                f"{row.verb.replace('_', ' ')} ({row.noun.replace('_', ' ')})"
                for row in ROWS
                if test in row.who
            ),
        )
        for test in tests
    ]
    return (
        "# Who may see and do what\n\n## See\n\n"
        + _table(("What", "Who"), rows)
        + "\n## Do\n\n"
        + _table(("Who", "May"), may)
    )


def matching_words() -> dict[str, Any]:
    """What the public page 'How matching decides' shows, from the rules and criteria in use."""
    return {
        "rules": [_line(rule) for rule in EVERY_RULE],
        "criteria": [(c.code, c.name.capitalize(), c.evidence) for c in CRITERIA],
    }


def _matching() -> str:
    rules = [
        (rule.__name__.replace("_", " "), _line(rule)) for rule in (*RULES, points_reach_floor)
    ]
    criteria = [(c.name, str(c.weight), c.evidence) for c in CRITERIA]
    return (
        "# How matching decides\n\n## Rules: a pair is possible, or there is a reason\n\n"
        + _table(("Rule", "Meaning"), rules)
        + "\n## Criteria: points out of 1,000\n\n"
        + _table(("Criterion", "Points", "Evidence"), criteria)
    )


def _retention() -> str:
    rows = [(kept.what, kept.period, kept.why) for kept in RETENTION]
    paces = [(pace.what, pace.whom, f"{pace.most} a minute") for pace in PACES]
    return (
        "# What is kept, and how long\n\nThe clock removes it once a day. Records and the history "
        "of who did what are kept for good; a person's name is taken out of them on request.\n\n"
        + _table(("What", "Kept for", "Why"), rows)
        + "\n# How fast anybody may ask\n\n"
        + _table(("What", "Of", "At most"), paces)
        + "\n# Where people are named\n\nEach of these names a person by number; names and "
        "addresses stand in `person` alone, unless somebody typed them into words.\n\n"
        + _table(("Table", "Columns"), _places_of_people())
    )


def _places_of_people() -> list[tuple[str, str]]:
    """Every table that names people, and by which columns."""
    places: dict[str, list[str]] = {}
    for table, column in links():
        places.setdefault(table.name, []).append(column.name)
    return [(table, ", ".join(columns)) for table, columns in places.items()]


def _routes() -> str:
    rows = sorted(
        (rule.rule, ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})), rule.endpoint)
        for rule in current_app.url_map.iter_rules()
    )
    return "# Addresses\n\n" + _table(("Address", "Methods", "Endpoint"), rows)
