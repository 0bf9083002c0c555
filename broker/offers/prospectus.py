"""The themes under their headings, as forms and lists offer them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from broker.db import db
from broker.models.programme import Theme


@dataclass(frozen=True)
class Heading:
    """A heading with the themes under it."""

    theme: Theme
    themes: tuple[Theme, ...]


def headings() -> list[Heading]:
    """All headings and themes in their order, retired ones included."""
    themes = db.session.scalars(select(Theme).order_by(Theme.position, Theme.id)).all()
    return [
        Heading(top, tuple(t for t in themes if t.parent_id == top.id))
        for top in themes
        if top.parent_id is None
    ]
