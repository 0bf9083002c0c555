"""All nouns; importing this package gives SQLAlchemy the whole schema."""

from broker.models import (
    authority,
    event,
    indicator,
    intervention,
    ledger,
    match,
    need,
    offer,
    partnership,
    person,
    programme,
    return_,
    searching,
    talk_time,
    work,
)

__all__ = [
    "authority",
    "event",
    "indicator",
    "intervention",
    "ledger",
    "match",
    "need",
    "offer",
    "partnership",
    "person",
    "programme",
    "return_",
    "searching",
    "talk_time",
    "work",
]
