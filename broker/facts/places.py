"""Which authority or region a publisher means: by code, by number, or by name as each spells it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from broker.db import db
from broker.models.authority import Authority, Region

ENGLAND = "E92000001"
LEFT_OUT = re.compile(r"\b(city of|county of|council|borough|the|of)\b|[^a-z0-9 ]")


def plain(name: str) -> str:
    """A name without what publishers write differently: '& ', ', City of', 'Upon', 'St.'."""
    text = name.casefold().replace("&", " and ").replace("-", " ")
    return " ".join(sorted(LEFT_OUT.sub(" ", text).split()))


@dataclass(frozen=True)
class Places:
    """Authorities by every key that publishers use, each to its ONS code now."""

    codes: dict[str, str]
    numbers: dict[str, str]
    names: dict[str, str]
    regions: dict[str, str]

    def authority(self, text: str) -> str:
        """The ONS code for a code, DfE number or name; the text itself when nobody is meant."""
        found = self.codes.get(text.upper()) or self.numbers.get(text)
        return found or self.names.get(plain(text)) or text

    def place(self, text: str) -> str:
        """The same, for regions and England too."""
        if text.casefold() in ("england", "national", ENGLAND.casefold()):
            return ENGLAND
        return self.regions.get(plain(text)) or self.authority(text)


def places() -> Places:
    """Every authority that has not ended, and every region."""
    standing = list(db.session.scalars(select(Authority).where(Authority.ended_on.is_(None))))
    regions = list(db.session.scalars(select(Region)))
    codes = {former: one.code for one in standing for former in one.former_codes}
    return Places(
        codes=codes | {one.code: one.code for one in standing},
        numbers={one.dfe_number: one.code for one in standing},
        names={plain(name): one.code for one in standing for name in (one.name, one.short_name)},
        regions={plain(key): one.code for one in regions for key in (one.name, one.code)},
    )
