"""The demonstration's administrator looks at a file of facts that says nothing new, and adds a
programme that has yet to begin."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from sqlalchemy import select

from broker import clock
from broker.db import db
from broker.facts import actions
from broker.models.authority import Area, Judgement
from broker.models.fact_import import Kind
from broker.models.programme import Programme
from broker.programmes import actions as programmes
from broker.programmes.actions import Terms
from seed.demonstration.company import Company
from seed.programmes import OWN

APRIL = 4
LATEST = 40
HEADER = ("code", "published", "inspected", "framework", "kind", "overall")


def look_at_known_facts(company: Company) -> None:
    """The latest published judgements come again in a file: all known, so it is set aside."""
    by = company.administrator()
    made = actions.show(
        kind=Kind.JUDGEMENTS, file_name="latest-judgements.csv", content=_file(), by=by
    )
    actions.set_aside(made, by=by)


def add_a_programme(company: Company) -> None:
    """A region's own, for the next financial year, with the rules of Own days."""
    by, today = company.administrator(), clock.today()
    begins = date(today.year + (today.month >= APRIL), APRIL, 1)
    terms = Terms(
        "Regional days (illustrative)",
        "The region's authorities",
        begins,
        begins.replace(year=begins.year + 2) - timedelta(days=1),
    )
    own = db.session.scalars(select(Programme).filter_by(code=OWN)).one()
    programmes.add(terms, like=own, by=by)


def _file() -> bytes:
    official = select(Judgement).where(Judgement.is_official)
    latest = official.order_by(Judgement.published_on.desc(), Judgement.id).limit(LATEST)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((*HEADER, *(area.value for area in Area), "standing", "source"))
    writer.writerows(_row(one) for one in db.session.scalars(latest))
    return out.getvalue().encode()


def _row(one: Judgement) -> tuple[object, ...]:
    grades = (one.overall, *(one.grade_for(area) for area in Area))
    return (
        one.authority.code,
        one.published_on,
        one.inspected_on or "",
        one.framework,
        one.kind,
        *(grade.value if grade else "" for grade in grades),
        "official",
        one.source,
    )
