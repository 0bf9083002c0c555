"""What gives pause before days are logged: that they are logged already, or seem too many.

None of it forbids anything: the person looks again and says so. What is forbidden stands in the
ledger and in the row of the verb.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from broker import ledger
from broker.clock import Quarter
from broker.days import format_days
from broker.models.match import Side
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.support_days.entry import Entry
from broker.support_days.queries import standing_on

A_LOT_ON_ONE_DATE = 5 * 4  # quarter-days


def same_day(entry: Entry, standing: Sequence[SupportDay], side: Side) -> SupportDay | None:
    """The day that the other side logged already and waits to have confirmed; None: there is none.

    The same date, the same length and the same kind of days are one visit, whatever the words.
    """
    mine = entry.quarter_days, entry.is_extra
    return next(
        (
            day
            for day in standing
            if day.logged_by_side is not side
            and day.state is SupportDayState.LOGGED
            and (day.quarter_days, day.is_extra) == mine
        ),
        None,
    )


def overlap(entry: Entry, standing: Sequence[SupportDay]) -> str | None:
    """In words, what is logged for the date already; None when nothing is."""
    if not standing:
        return None
    told = "; ".join(_told(day) for day in standing[:3])
    more = f"; and {len(standing) - 3} more" if len(standing) > 3 else ""
    return f"{in_words(entry)} has been logged already: {told}{more}."


def _told(day: SupportDay) -> str:
    who = "provider" if day.logged_by_side is Side.PROVIDER else "receiver"
    return (
        f"{format_days(day.quarter_days)}, ‘{day.activity}’ "
        f"({day.state.value}, logged by the {who})"
    )


def in_words(entry: Entry) -> str:
    return f"{entry.given_on.day} {entry.given_on:%B %Y}"


def doubts_about(partnership: Partnership, entries: Sequence[Entry], side: Side) -> list[str]:
    """Everything to look at again before these days are logged, in words; in one question."""
    standing = standing_on(partnership, (entry.given_on for entry in entries))
    fresh = [e for e in entries if not same_day(e, standing.get(e.given_on, ()), side)]
    found = [overlap(entry, standing.get(entry.given_on, ())) for entry in fresh]
    said = dict.fromkeys(words for words in found if words)
    return [*said, *_long_dates(fresh)]


def _long_dates(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.quarter_days > A_LOT_ON_ONE_DATE:
            yield (
                f"{format_days(entry.quarter_days)} on one date, {in_words(entry)}, takes as many "
                f"people. Check the days you typed."
            )


def over_delivered(partnership: Partnership, quarters: Iterable[Quarter]) -> list[str]:
    """In words, the quarters of these in which more was given than is committed in them."""
    held = ledger.balances_of_match(partnership.match_id)
    now = [(quarter, held.get(quarter, ledger.Balance())) for quarter in sorted(set(quarters))]
    return [
        f"In {quarter} that is {format_days(balance.delivered - balance.committed)} more than the "
        f"{format_days(balance.committed)} committed in it; they come out of the other quarters."
        for quarter, balance in now
        if balance.delivered > balance.committed
    ]
