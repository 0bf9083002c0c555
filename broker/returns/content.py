"""What a certified version holds: everything of a return as plain values, its hash, its changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from broker.days import format_days
from broker.models.return_ import WORDS, Return, ReturnVersion
from broker.returns import sections
from broker.returns.figures import Figures, figures_of
from broker.returns.given import Days
from broker.returns.records import Behind, Entry, behind

COUNTED = {
    "confirmed": "confirmed days",
    "unconfirmed": "days not confirmed",
    "queried": "queried days, left out",
    "on_site": "days on site",
    "remote": "days given remotely",
}


def content_now(return_: Return, undelivered: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The whole return as its records and words stand now, as plain values; days are quarter-days.
    `undelivered` says what was chosen for days that were committed and not given."""
    of = return_.provider_id, return_.programme_id, return_.quarter
    return content_of(return_, figures_of(*of), behind(*of), undelivered)


def content_of(
    return_: Return,
    figures: Figures,
    records: Behind,
    undelivered: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
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
        "behind": records.as_content(),
        "sections": sections.as_content(return_),
        **{name: getattr(return_, name) for name in WORDS},
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


def behind_in(version: ReturnVersion) -> Behind | None:
    """The records behind a certified version; None for versions from before returns kept them."""
    kept = version.content.get("behind")
    return None if kept is None else Behind.from_content(kept)


def words_in(content: dict[str, Any]) -> dict[str, str]:
    """What people wrote, by label, where there is anything."""
    return {label: said for name, label in WORDS.items() if (said := content.get(name, ""))}


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
    found += [*_entries(before, after), *_sections(before, after)]
    return found + [
        Change(label, was, now)
        for name, label in WORDS.items()
        if (was := before.get(name, "")) != (now := after.get(name, ""))
    ]


def _sections(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    was = {one["code"]: one for one in before.get("sections", ())}
    now = {one["code"]: one for one in after.get("sections", ())}
    return [
        Change(f"{(now.get(code) or was[code])['name']}: {label}", old, new)
        for code in sorted({*was, *now})
        for name, label in (("words", "its section"), ("comment", "what it says about it"))
        if (old := was.get(code, {}).get(name, "")) != (new := now.get(code, {}).get(name, ""))
    ]


def _entries(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Entries that came, went or were changed, where both contents keep them."""
    if "behind" not in before or "behind" not in after:
        return []
    was = {one.id: one for one in Behind.from_content(before["behind"]).entries}
    now = {one.id: one for one in Behind.from_content(after["behind"]).entries}
    return [
        Change(f"Entry of {_named(now.get(id_) or was[id_])}", _stands(was, id_), _stands(now, id_))
        for id_ in sorted({*was, *now})
        if _stands(was, id_) != _stands(now, id_)
    ]


def _named(entry: Entry) -> str:
    return f"{entry.given_on}, {entry.receiver}"


def _stands(entries: dict[int, Entry], id_: int) -> str:
    entry = entries.get(id_)
    return f"{format_days(entry.quarter_days)}, {entry.state}" if entry else "not counted"


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
