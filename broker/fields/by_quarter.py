"""A form of days by quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from broker.clock import Quarter
from broker.fields.drawn import Form
from broker.fields.written import DaysField


class QuarterDaysForm(Form):
    """One field of days for each quarter, named by the quarter itself, so that a form sent after a
    quarter ended cannot move its days."""

    quarters: list[Quarter]

    @classmethod
    def over(
        cls, quarters: Iterable[Quarter], now: Mapping[Quarter, int], *, after: Mapping[str, Any],
        typed: Mapping[str, Any] | None = None,
    ) -> Self:  # fmt: skip
        """A form filled with the days as they stand; `after`: fields that follow, `typed`: what
        they hold."""
        quarters = list(quarters)
        fields: dict[str, Any] = {
            _name(quarter): DaysField(f"{quarter} ({quarter.months})", optional=True)
            for quarter in quarters
        }
        data = {_name(quarter): now.get(quarter, 0) for quarter in quarters}
        made: Self = type(f"Filled{cls.__name__}", (cls,), {**fields, **after})(
            data={**data, **(typed or {})}
        )
        made.quarters = quarters
        return made

    @property
    def days(self) -> dict[Quarter, int]:
        return {quarter: self[_name(quarter)].data or 0 for quarter in self.quarters}


def _name(quarter: Quarter) -> str:
    return f"days_{quarter.ordinal}"
