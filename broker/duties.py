"""The verbs in groups, in plain words, so that a deputy can be given some of them."""

from __future__ import annotations

from enum import Enum


class Duty(Enum):
    """What a director or coordinator may hand to a deputy; every noun belongs to one."""

    OFFERS = "offers"
    NEEDS = "needs"
    TALKS = "talks"
    MATCHES = "matches"
    PARTNERSHIPS = "partnerships"
    RETURNS = "returns"
    ROUNDS = "rounds"
    RULES = "rules"
    PEOPLE = "people"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    Duty.OFFERS: "Offers and the days you can give",
    Duty.NEEDS: "Needs, their readiness and what is suggested for them",
    Duty.TALKS: "Conversations: accept, decline, find a time, record what came of it",
    Duty.MATCHES: "Matches: agree, decline, approve",
    Duty.PARTNERSHIPS: "Partnerships, support days and feedback",
    Duty.RETURNS: "Returns: write, certify, send",
    Duty.ROUNDS: "Rounds of the matcher",
    Duty.RULES: "Exceptions and other rules",
    Duty.PEOPLE: "People: invite them, change and end their roles",
}
NOUNS = {
    "offer": Duty.OFFERS,
    "capacity": Duty.OFFERS,
    "need": Duty.NEEDS,
    "suggested_need": Duty.NEEDS,
    "suggestion": Duty.NEEDS,
    "live_help": Duty.NEEDS,
    "conversation": Duty.TALKS,
    "match": Duty.MATCHES,
    "recording": Duty.MATCHES,
    "partnership": Duty.PARTNERSHIPS,
    "support_day": Duty.PARTNERSHIPS,
    "showing": Duty.PARTNERSHIPS,
    "review": Duty.PARTNERSHIPS,
    "pulse": Duty.PARTNERSHIPS,
    "working_agreement": Duty.PARTNERSHIPS,
    "plan": Duty.PARTNERSHIPS,
    "extension": Duty.MATCHES,
    "extra": Duty.PARTNERSHIPS,
    "day_import": Duty.PARTNERSHIPS,
    "return": Duty.RETURNS,
    "return_section": Duty.RETURNS,
    "freeze": Duty.RETURNS,
    "grant": Duty.RETURNS,
    "api_token": Duty.RETURNS,
    "round": Duty.ROUNDS,
    "exception": Duty.RULES,
    "fact_import": Duty.RULES,
    "authority": Duty.RULES,
    "intervention": Duty.RULES,
    "notice": Duty.RULES,
    "programme": Duty.RULES,
    "deputy": Duty.RULES,
    "person": Duty.RULES,
    "invitation": Duty.PEOPLE,
    "membership": Duty.PEOPLE,
}


def duty_of(noun: str) -> Duty:
    return NOUNS[noun]
