"""The check before a need opens: what was looked at, what it came to, what must still be done."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base, Word
from broker.models.need import Need
from broker.models.person import Person
from broker.models.showing import counts_from


class Readiness(Enum):
    READY = "ready"
    CONDITIONAL = "conditional"
    NOT_READY = "not_ready"

    @property
    def words(self) -> str:
        return {
            "ready": "Ready",
            "conditional": "Ready with conditions",
            "not_ready": "Not ready yet",
        }[self.value]


class Item(Enum):
    """What a check looks at."""

    ACCEPTANCE = "acceptance"
    BUILDING_BLOCKS = "building_blocks"
    RESOURCES = "resources"
    LEADERSHIP = "leadership"
    DISRUPTION = "disruption"
    PLAN = "plan"
    AIMS = "aims"
    CHILDREN = "children"
    STAFF = "staff"

    @property
    def words(self) -> str:
        return {
            "acceptance": "The diagnosis is accepted",
            "building_blocks": "Corporate support, people, systems and data are in place",
            "resources": "Resources are committed",
            "leadership": "Leadership is stable",
            "disruption": "No other change will get in the way",
            "plan": "There is a plan",
            "aims": "Aims are proposed",
            "children": "Children's voice has shaped it",
            "staff": "Staff are freed to take part",
        }[self.value]


class Met(Enum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"

    @property
    def words(self) -> str:
        return {"yes": "Yes", "partly": "Partly", "no": "Not yet"}[self.value]


class WayOn(Enum):
    """What follows when an authority is not ready."""

    EARLY_HELP = "early_help"
    CHIEF_EXECUTIVE = "chief_executive"
    COME_BACK = "come_back"

    @property
    def words(self) -> str:
        return {
            "early_help": "A talk about early help",
            "chief_executive": "A talk with the chief executive",
            "come_back": "Look again on a set date",
        }[self.value]


class ReadinessCheck(Base):
    """One check of one need, by a named assessor; the authority reads every word of it first.

    `comment` is the authority's, and travels with it.
    """

    __tablename__ = "readiness_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey(Need.id), index=True)
    outcome: Mapped[Readiness] = mapped_column(Word(Readiness))
    evidence: Mapped[str] = mapped_column(Text)
    way_on: Mapped[WayOn | None] = mapped_column(Word(WayOn))
    come_back_on: Mapped[date | None]
    assessed_at: Mapped[datetime] = mapped_column(default=clock.now)
    assessed_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    comment: Mapped[str] = mapped_column(Text, default="")

    need: Mapped[Need] = relationship(back_populates="readiness")
    assessed_by: Mapped[Person] = relationship(foreign_keys=assessed_by_id, lazy="joined")
    parts: Mapped[list[ReadinessPart]] = relationship(order_by="ReadinessPart.id", lazy="selectin")
    conditions: Mapped[list[ReadinessCondition]] = relationship(
        order_by="ReadinessCondition.id", lazy="selectin"
    )

    @property
    def counts_from(self) -> date:
        """The day from which it counts though the authority has not said that it has read it."""
        return counts_from(self.assessed_at)

    @property
    def was_shown(self) -> bool:
        return self.seen_at is not None or clock.today() >= self.counts_from


class ReadinessPart(Base):
    """What was found of one item, and what shows it."""

    __tablename__ = "readiness_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey(ReadinessCheck.id), index=True)
    item: Mapped[Item] = mapped_column(Word(Item))
    met: Mapped[Met] = mapped_column(Word(Met))
    evidence: Mapped[str] = mapped_column(Text)


class ReadinessCondition(Base):
    """What must be done, by whom (a role) and by when."""

    __tablename__ = "readiness_condition"

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey(ReadinessCheck.id), index=True)
    words: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))


REUSED_FOR = 182  # days (6 months) in which a follow-on need uses the check of the one it follows


def standing_check(need: Need) -> ReadinessCheck | None:
    """The check that counts: its own latest, or that of the need it follows while it is fresh."""
    if need.readiness:
        return need.readiness[0]
    earlier = need.follows.readiness[0] if need.follows and need.follows.readiness else None
    if earlier is None:
        return None
    age = clock.today() - earlier.assessed_at.astimezone(clock.LONDON).date()
    return earlier if age.days < REUSED_FOR else None
