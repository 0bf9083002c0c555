"""What belongs to one partnership, and so to its two authorities and its programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped

from broker.models.authority import Authority
from broker.models.programme import Programme

if TYPE_CHECKING:
    from broker.models.partnership import Partnership


class OfPartnership:
    """The parties of a noun's partnership, where rules, sights and letters look for them."""

    if TYPE_CHECKING:
        partnership: Mapped[Partnership]

    @property
    def receiver_id(self) -> int:
        return self.partnership.receiver_id

    @property
    def provider_id(self) -> int:
        return self.partnership.provider_id

    @property
    def programme_id(self) -> int:
        return self.partnership.programme_id

    @property
    def receiver(self) -> Authority:
        return self.partnership.receiver

    @property
    def provider(self) -> Authority:
        return self.partnership.provider

    @property
    def programme(self) -> Programme:
        return self.partnership.programme
