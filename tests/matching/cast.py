"""A need and an offer that fit each other, to be changed one fact at a time."""

from __future__ import annotations

from typing import Any

from broker.matching.facts import (
    AuthorityFacts,
    Delivery,
    Evidence,
    Grade,
    NeedFacts,
    Neighbour,
    OfferedTheme,
    OfferFacts,
    Theme,
    World,
)

FRONT_DOOR = Theme("front_door", "Front door", "help", "help_and_protection")
NEGLECT = Theme("neglect", "Neglect", "help", "help_and_protection")
CARE_LEAVERS = Theme("leaving_care", "Leaving care", "care", "care_leavers")
HELP = Theme("help", "Help and protection", None, "help_and_protection")

YORK = AuthorityFacts(
    "YORK",
    "York",
    region="Y",
    type="unitary",
    population=36_000,
    deprivation=0.11,
    rural_band="mixed",
    latitude=53.96,
    longitude=-1.08,
    neighbours={"LEEDS": Neighbour(2, "Close"), "BATH": Neighbour(9)},
)
LEEDS = AuthorityFacts(
    "LEEDS",
    "Leeds",
    region="Y",
    type="metropolitan",
    population=170_000,
    deprivation=0.21,
    rural_band="urban",
    latitude=53.80,
    longitude=-1.55,
)
BATH = AuthorityFacts(
    "BATH",
    "Bath",
    region="SW",
    type="unitary",
    population=36_000,
    deprivation=0.10,
    rural_band="mixed",
    latitude=51.38,
    longitude=-2.36,
)


def need(**facts: Any) -> NeedFacts:
    return NeedFacts(
        **{
            "id": "N1",
            "receiver": YORK,
            "programmes": ("PIP",),
            "themes": (FRONT_DOOR,),
            "days": (40, 40),
            "starts": (0, 1),
            "days_least": 40,
            **facts,
        }
    )


def offer(**facts: Any) -> OfferFacts:
    return OfferFacts(
        **{
            "id": "O1",
            "version": "O1.1",
            "provider": LEEDS,
            "programme": "PIP",
            "title": "A better front door",
            "themes": (OfferedTheme(FRONT_DOOR, Evidence.EVALUATED),),
            **facts,
        }
    )


def world(**facts: Any) -> World:
    quarters = ("2026-27 Q1", "2026-27 Q2", "2026-27 Q3")
    free = {("LEEDS", "PIP"): (80, 80, 80), ("BATH", "PIP"): (60, 60, 60)}
    return World(**{"quarters": quarters, "free": free, **facts})


def full_need(**facts: Any) -> NeedFacts:
    """With something said on every criterion."""
    return need(
        **{
            "support_types": frozenset({"peer", "audit"}),
            "modes": frozenset({"hands_on"}),
            "styles": frozenset({"facilitative"}),
            "levels": frozenset({"frontline"}),
            "roles": frozenset({"head_of_service"}),
            "delivery": Delivery.ON_SITE,
            "preferred": frozenset({"LEEDS"}),
            **facts,
        }
    )


def full_offer(**facts: Any) -> OfferFacts:
    return offer(
        **{
            "support_types": frozenset({"peer"}),
            "modes": frozenset({"hands_on", "advice"}),
            "styles": frozenset({"facilitative"}),
            "levels": frozenset({"frontline", "leaders"}),
            "roles": frozenset({"head_of_service"}),
            "delivery": Delivery.ON_SITE,
            "journey": {"help_and_protection": (Grade.INADEQUATE, Grade.GOOD)},
            "helped_before": 3,
            "feedback": 0.9,
            **facts,
        }
    )
