"""What a coordinator sets for a round: limits, minimums, pairs that must and that may not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select

from broker.db import db
from broker.errors import NotRight
from broker.matching.introduce import EACH_NEED, EACH_PROVIDER
from broker.models.authority import Authority

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class RoundSettings:
    """`minimums`: matches by provider. Pairs are (need id, provider code)."""

    each_need: int = EACH_NEED
    each_provider: int = EACH_PROVIDER
    minimums: Mapping[str, int] = field(default_factory=dict)
    musts: Pairs = frozenset()
    forbidden: Pairs = frozenset()

    def as_json(self) -> dict[str, Any]:
        return {
            "each_need": self.each_need,
            "each_provider": self.each_provider,
            "minimums": dict(self.minimums),
            "musts": sorted(map(list, self.musts)),
            "forbidden": sorted(map(list, self.forbidden)),
        }


def settings_from(data: Mapping[str, Any]) -> RoundSettings:
    return RoundSettings(
        data.get("each_need", EACH_NEED),
        data.get("each_provider", EACH_PROVIDER),
        data.get("minimums", {}),
        frozenset((need, provider) for need, provider in data.get("musts", ())),
        frozenset((need, provider) for need, provider in data.get("forbidden", ())),
    )


def minimums_in(text: str) -> dict[str, int]:
    """'Leeds 2' on each line → code → least matches. NotRight for a line that says neither."""
    found = {}
    for line in _lines(text):
        name, _, count = line.rpartition(" ")
        if not count.isdecimal() or not 0 < int(count) < 100:
            raise NotRight(f"‘{line}’: write the provider, then a number.", field="minimums")
        found[_code_of(name, "minimums")] = int(count)
    return found


def pairs_in(text: str, *, field: str) -> Pairs:
    """'12 Leeds' on each line → (need id, code of the provider)."""
    found = set()
    for line in _lines(text):
        need, _, name = line.partition(" ")
        if not need.isdecimal() or len(need) > 9:
            raise NotRight(f"‘{line}’: write a need's number, then the provider.", field=field)
        found.add((str(int(need)), _code_of(name, field)))
    return frozenset(found)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _code_of(name: str, field: str) -> str:
    said = name.strip()
    wanted = or_(func.lower(Authority.name) == said.lower(), Authority.code == said)
    code = db.session.scalar(select(Authority.code).where(wanted))
    if code is None:
        raise NotRight(f"There is no authority called ‘{said}’.", field=field)
    return code
