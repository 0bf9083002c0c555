"""What a certified version holds: everything of a return as plain values, its hash, its changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from broker.days import format_days
from broker.models.return_ import Return, ReturnVersion
from broker.returns.figures import Figures
from broker.returns.given import Days

WORDS = {"outcomes": "Outcomes", "priorities": "Priorities for next quarter"}
COUNTED = {
    "confirmed": "confirmed days",
    "unconfirmed": "days not confirmed",
    "queried": "queried days, left out",
    "on_site": "days on site",
    "remote": "days given remotely",
}


def content_of(
    return_: Return, figures: Figures, undelivered: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """The whole return as plain values; days are quarter-days. `undelivered`, where there is any,
    says what was chosen for days that were committed and not given."""
    provider = return_.provider
    said = {"undelivered": list(undelivered)} if undelivered else {}
    return {
        **said,
        "provider": {
            "code": provider.code,
            "name": provider.name,
            "region": provider.region.name,
        },
        "programme": {"code": return_.programme.code, "name": return_.programme.name},
        "quarter": str(return_.quarter),
        "figures": figures.as_content(),
        "outcomes": return_.outcomes,
        "priorities": return_.priorities,
    }


def sha256_of(content: dict[str, Any]) -> str:
    """The hash over the canonical JSON: sorted names, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(version: ReturnVersion) -> bool:
    """The content is still what was certified."""
    return sha256_of(version.content) == version.sha256


def figures_in(version: ReturnVersion) -> Figures:
    return Figures.from_content(version.content["figures"])


@dataclass(frozen=True)
class Change:
    """One thing that differs between two contents of a return, in words."""

    what: str
    before: str
    after: str


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What differs, figures first, then words."""
    old = Figures.from_content(before["figures"])
    new = Figures.from_content(after["figures"])
    found = [*_counts(old, new), *_days("All receivers", old.total, new.total)]
    was = {line.code: line for line in old.lines}
    now = {line.code: line for line in new.lines}
    for code in sorted({*was, *now}):
        name = (now.get(code) or was[code]).name
        found += _days(
            name,
            was[code].days if code in was else Days(),
            now[code].days if code in now else Days(),
        )
    found += _adjusted(old, new)
    return found + [
        Change(label, before[name], after[name])
        for name, label in WORDS.items()
        if before[name] != after[name]
    ]


def _adjusted(old: Figures, new: Figures) -> list[Change]:
    was = {(one.quarter, one.code): one for one in old.adjustments}
    now = {(one.quarter, one.code): one for one in new.adjustments}
    found = []
    for key in sorted({*was, *now}):
        either = now.get(key) or was[key]
        before = was[key].days if key in was else Days()
        after = now[key].days if key in now else Days()
        found += _days(f"Adjustment of {either.quarter}, {either.name}", before, after)
    return found


def _counts(old: Figures, new: Figures) -> list[Change]:
    pairs = (
        ("Partnerships live", old.partnerships_live, new.partnerships_live),
        ("Offers published", old.offers_published, new.offers_published),
        ("Feedback answered", old.answered, new.answered),
    )
    return [Change(what, str(was), str(now)) for what, was, now in pairs if was != now]


def _days(who: str, old: Days, new: Days) -> list[Change]:
    found = [
        Change(f"{who}: {words}", format_days(was), format_days(now))
        for name, words in COUNTED.items()
        if (was := getattr(old, name)) != (now := getattr(new, name))
    ]
    if old.records != new.records:
        found.append(Change(f"{who}: support days", str(old.records), str(new.records)))
    return found
