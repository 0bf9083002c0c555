"""The columns of a round's plan."""

from __future__ import annotations

from broker.exports.tables import Column, Table, as_days
from broker.rounds.queries import PlanRow

C = Column

ROUND_PLAN: Table[PlanRow] = Table(
    "round-plan",
    "a match that a round of the matcher proposes, as changed by hand where it was, or a need that "
    "it leaves without all the help wanted; for those whose round it is",
    (
        C("need", "The need's number: its page is /needs/ and this.", lambda row: row.need.id),
        C("title", "The need's title.", lambda row: row.need.title),
        C("receiver_code", "ONS code of the need's authority.", lambda row: row.need.receiver.code),
        C("receiver", "Name of the need's authority.", lambda row: row.need.receiver.name),
        C("stands", "Proposed, or left out.", lambda row: "left out" if row.left else "proposed"),
        C(
            "provider_code",
            "ONS code of the provider; empty: left out.",
            lambda row: row.match.offer.provider.code if row.match else None,
        ),
        C(
            "provider",
            "Name of the provider.",
            lambda row: row.match.offer.provider.name if row.match else None,
        ),
        C("offer", "The offer's number.", lambda row: row.match.offer.id if row.match else None),
        C(
            "start",
            "First quarter; empty where no days are counted.",
            lambda row: row.match.start or None if row.match else None,
        ),
        C(
            "days",
            "Days of all quarters together; empty where none are counted.",
            lambda row: as_days(sum(row.match.days)) if row.match and row.match.start else None,
        ),
        C("points", "Points of 1,000.", lambda row: row.match.points if row.match else None),
        C(
            "by_hand",
            "Yes where a person put the match in.",
            lambda row: ("yes" if row.match.is_by_hand else "no") if row.match else None,
        ),
        C("why", "Why it is left out.", lambda row: row.left.because if row.left else None),
        C(
            "what_would_change_it",
            "What would let it match; any one of these.",
            lambda row: row.left.changes if row.left else None,
        ),
    ),
)
