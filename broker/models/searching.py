"""Finding offers again: what the prospectus keeps of each, and the searches people save."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from broker import clock
from broker.db import Base
from broker.models.offer import Offer
from broker.models.person import Person


class OfferIndex(Base):
    """An offer as the prospectus searches it: its words, stemmed, and what can be filtered by.

    `content` is JSON that follows from the offer alone; `digest` is its SHA-256, so that what a
    process has read of one digest stays true for ever.
    """

    __tablename__ = "offer_index"

    offer_id: Mapped[int] = mapped_column(ForeignKey(Offer.id), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)


class SavedSearch(Base):
    """A search somebody keeps. `query` is the address's query, in its one settled form."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("person_id", "query"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship(lazy="joined")


class SearchAlert(Base):
    """That a saved search's owner was told of an offer: once, however often it is revised."""

    __tablename__ = "search_alert"

    search_id: Mapped[int] = mapped_column(
        ForeignKey(SavedSearch.id, ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[int] = mapped_column(ForeignKey(Offer.id), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(default=clock.now)
