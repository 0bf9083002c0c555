"""The programmes that are built in, with their rules."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from sqlalchemy import select

from broker.db import db
from broker.models.programme import Policy, Programme

OWN = "own"
PIP = "pip"
SLIP = "slip"
DAY = 4

PROGRAMMES = (
    (
        OWN,
        "Own days",
        "The authorities themselves",
        date(2020, 4, 1),
        Policy(provider_rule="theme", panel_from=None, has_returns=False),
    ),
    (
        PIP,
        "Partners in Practice",
        "Department for Education",
        date(2016, 4, 1),
        Policy(provider_rule="whole"),
    ),
    (
        SLIP,
        "Sector Led Improvement Partners",
        "Department for Education",
        date(2021, 4, 1),
        Policy(provider_rule="whole", least_days=40 * DAY),
    ),
)


def load_programmes() -> None:
    """Add the built-in programmes that are missing; one that is there keeps its edited rules."""
    known = set(db.session.scalars(select(Programme.code)))
    for code, name, funder, opens_on, policy in PROGRAMMES:
        if code not in known:
            db.session.add(
                Programme(
                    code=code, name=name, funder=funder, opens_on=opens_on, rules=asdict(policy)
                )
            )
    db.session.flush()
