"""What the prospectus keeps of an offer: written with every change of it, read from memory.

One row per offer holds its words and filter values as JSON with a digest. A process parses a row
once and remembers it by its digest; a row of another digest is another row. So what is remembered
is right in every worker, and after a transaction that was undone, without telling anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from broker.db import db
from broker.models.offer import Delivery, Offer, OfferState
from broker.models.programme import Theme
from broker.models.searching import OfferIndex
from broker.prospectus.told import told
from broker.prospectus.words import weighed
from broker.turns import in_turns

REMEMBERED = 20_000
TITLE, THEME, PROVIDER, LISTS, TEXT = 8, 4, 4, 2, 1

ANY = "*"
KINDS = {"type": "support_type", "mode": "mode", "level": "level"}


@dataclass(frozen=True)
class Face:
    """An offer as it is searched. `values`: the codes it has for each filter, ANY where every code
    is right; days in quarters.

    `themes` are the codes of its themes in the offer's own order. `partner_ids`: the authorities
    that give it together with the provider. `codes`: `values` as (filter, code), to be counted.
    """

    offer_id: int
    provider_id: int
    programme_ids: tuple[int, ...]
    partner_ids: tuple[int, ...]
    themes: tuple[str, ...]
    values: Mapping[str, frozenset[str]]
    days_least: int
    days_most: int
    terms: dict[str, int]
    lines: str
    codes: tuple[tuple[str, str], ...]


# -- writing ----------------------------------------------------------------------------------


def content_of(offer: Offer) -> dict[str, Any]:
    """What the index keeps of an offer as it stands, as JSON values."""
    version = offer.current
    themes = [row.theme for row in version.themes]
    together = [partner.authority_id for partner in offer.partners]
    return {
        **({"partners": together} if together else {}),
        "provider": offer.provider_id,
        "programmes": [programme.id for programme in offer.programmes],
        "themes": [theme.code for theme in themes],
        "days": [version.days_least, version.days_most],
        "values": {
            "theme": sorted({t.code for t in themes} | {t.parent.code for t in _under(themes)}),
            "delivery": _deliveries(version.delivery),
            "programme": sorted(programme.code for programme in offer.programmes),
            "helps_situation": version.helps_situations or [ANY],
            "helps_region": version.helps_regions or [ANY],
            "helps_type": version.helps_types or [ANY],
            **{name: [c.code for c in version.chosen(kind)] for name, kind in KINDS.items()},
        },
        "terms": weighed(_texts(offer, themes)),
    }


def _under(themes: Iterable[Theme]) -> Iterable[Any]:
    return (theme for theme in themes if theme.parent is not None)


def _deliveries(delivery: Delivery | None) -> list[str]:
    """What finds it: an offer given either way is found by each."""
    if delivery is Delivery.EITHER:
        return [one.value for one in Delivery]
    return [delivery.value] if delivery else []


def _texts(offer: Offer, themes: list[Theme]) -> list[tuple[int, str]]:
    """The texts that words are looked for in, each with its weight."""
    version, provider = offer.current, offer.provider
    return [
        (TITLE, version.title),
        *((THEME, theme.name) for theme in themes),
        *((LISTS, theme.parent.name) for theme in _under(themes)),
        (PROVIDER, f"{provider.name} {provider.short_name}"),
        *((LISTS, partner.authority.name) for partner in offer.partners),
        *((LISTS, choice.name) for choice in version.choices),
        (LISTS, " ".join([provider.region.name, *(one.name for one in offer.programmes)])),
        (TEXT, version.what_we_do),
    ]


def write(offer: Offer) -> bool:
    """Make the index say what the offer says now; whether anything had to change."""
    content = json.dumps(content_of(offer), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()
    row = db.session.get(OfferIndex, offer.id)
    if row is not None and row.digest == digest:
        return False
    db.session.merge(OfferIndex(offer_id=offer.id, digest=digest, content=content))
    db.session.flush()
    return True


def _that_were_out() -> list[Offer]:
    """Every offer that was ever published, with what its content needs."""
    known = (
        select(Offer)
        .where(Offer.published_at.is_not(None))
        .options(joinedload(Offer.provider), joinedload(Offer.programme))
        .order_by(Offer.id)
    )
    return list(db.session.scalars(known).unique())


def rewrite() -> int:
    """Write every row that is not what its offer says, drop those of no offer; how many."""
    offers = _that_were_out()
    gone = delete(OfferIndex).where(OfferIndex.offer_id.not_in([offer.id for offer in offers]))
    dropped: Any = db.session.execute(gone)
    return sum(write(offer) for offer in in_turns(offers)) + int(dropped.rowcount)


def problems() -> list[str]:
    """Where the index differs from the offers, in words; nothing is changed."""
    kept = {row.offer_id: row.content for row in db.session.scalars(select(OfferIndex))}
    said = []
    for offer in _that_were_out():
        content = json.dumps(content_of(offer), ensure_ascii=False, sort_keys=True)
        if kept.pop(offer.id, None) != content:
            said.append(f"offer {offer.id}: the search index is not what the offer says")
    return said + [f"offer {one}: in the search index, but not an offer" for one in sorted(kept)]


# -- reading ----------------------------------------------------------------------------------

_remembered: dict[int, tuple[str, Face]] = {}
_last: tuple[str, list[Face]] = ("", [])  # what was published when it was last asked


def published() -> list[Face]:
    """The face of every published offer, in id order; parses only what it does not know.

    The database says which they are as one text; where it says what it said last, nothing is
    looked up.
    """
    global _last
    wanted = told(OfferIndex.offer_id, OfferIndex.digest).join(
        Offer, Offer.id == OfferIndex.offer_id
    )
    said = db.session.scalar(wanted.where(Offer.state == OfferState.PUBLISHED)) or ""
    said_last, faces = _last
    if said == said_last:
        _read([])
    else:
        faces = _known(said)
        _last = said, faces
    return list(faces)


def _known(said: str) -> list[Face]:
    """The faces that a text of ids and digests names."""
    digests = {int(id_): digest for id_, digest in (row.split() for row in said.split(";") if row)}
    rows = {offer_id: _remembered.get(offer_id) for offer_id in sorted(digests)}
    known = {id_: row[1] for id_, row in rows.items() if row and row[0] == digests[id_]}
    read = _read([offer_id for offer_id in rows if offer_id not in known])
    return [known.get(offer_id) or read[offer_id] for offer_id in rows]


def _read(offer_ids: list[int]) -> dict[int, Face]:
    """Parse rows and remember them; always one question, so that a page always asks as many."""
    columns = (OfferIndex.offer_id, OfferIndex.digest, OfferIndex.content)
    rows = db.session.execute(select(*columns).where(OfferIndex.offer_id.in_(offer_ids)))
    read = {offer_id: (digest, _face(offer_id, content)) for offer_id, digest, content in rows}
    if len(_remembered) + len(read) > REMEMBERED:
        _remembered.clear()
    _remembered.update(read)
    return {offer_id: face for offer_id, (_, face) in read.items()}


def _face(offer_id: int, content: str) -> Face:
    kept = json.loads(content)
    values = {name: frozenset(codes) for name, codes in kept["values"].items()}
    return Face(
        offer_id=offer_id,
        provider_id=kept["provider"],
        programme_ids=tuple(kept["programmes"]),
        partner_ids=tuple(kept.get("partners", ())),
        themes=tuple(kept["themes"]),
        values=values,
        days_least=kept["days"][0],
        days_most=kept["days"][1],
        terms=kept["terms"],
        lines="\n" + "\n".join(kept["terms"]) + "\n",
        codes=tuple((name, code) for name, codes in values.items() for code in codes),
    )
