"""Imports of published facts: the file as it was uploaded, what was shown, and who applied it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from broker import clock
from broker.db import Base, Stateful, Word
from broker.models.person import Person


class Kind(Enum):
    """What a file of facts is about."""

    JUDGEMENTS = "judgements"
    NEIGHBOURS = "neighbours"
    INDICATORS = "indicators"
    AUTHORITIES = "authorities"

    @property
    def words(self) -> str:
        return {"neighbours": "Statistical neighbours"}.get(self.value, self.value.capitalize())


class ImportState(Enum):
    SHOWN = "shown"
    APPLIED = "applied"
    SET_ASIDE = "set_aside"


class FactImport(Stateful, Base):
    """A file of facts. `content` is kept until it is applied or set aside, `sha256` for good.

    `plan` is what was shown: counts, and by row what is added, changed and refused, and the
    consequences. `plan_sha256` proves that what is applied is what was shown.
    """

    __tablename__ = "fact_import"
    noun = "fact_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    state: Mapped[ImportState] = mapped_column(Word(ImportState), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    plan: Mapped[dict[str, Any]]
    plan_sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(default=clock.now)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    applied_at: Mapped[datetime | None]

    uploaded_by: Mapped[Person] = relationship()

    @property
    def title(self) -> str:
        return f"{self.kind.words} from {self.file_name}"
