"""The demonstration's providers: who offers what, and how many days they confirm."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from broker import clock
from broker.capacity import actions as capacities
from broker.clock import Quarter
from broker.db import db
from broker.eligibility import may_offer_theme, why_not_provide
from broker.exceptions import actions as exceptions
from broker.models.authority import Authority, PublishedPartner
from broker.models.ledger import Backfill
from broker.models.offer import Delivery, Evidence, Offer
from broker.models.programme import Choice, Programme, Theme
from broker.offers import actions as offers
from broker.offers import joint
from seed.demonstration.company import GIVER, Company
from seed.demonstration.words import WORDS

DAY = 4
HELPED_BEFORE = (
    "Two neighbouring authorities, over a year each.",
    "Visits from about ten authorities since we changed our own practice.",
    "",
)
EXCEPTION = (
    "Illustrative: its work in this theme is well known, and the area that it belongs to stands "
    "well. Looked at again with its director before this ends."
)
PROVIDERS = 20
SPECIALISMS = {
    "front door": "contact-and-referral",
    "front-door": "contact-and-referral",
    "restorative": "restorative-practice",
    "family safeguarding": "family-safeguarding",
    "edge-of-care": "edge-of-care",
    "edge of care": "edge-of-care",
    "contextual": "contextual-safeguarding",
    "care leavers": "care-leaver-work",
    "education of children in care": "care-education",
    "quality assurance": "audit",
    "early help": "early-help-offer",
    "adolescents": "contextual-safeguarding",
    "leadership": "supervision",
}


def providers() -> list[tuple[Authority, list[PublishedPartner]]]:
    """Authorities that published pages name as partners, with what the pages say; Leeds first."""
    loaded = select(Authority).options(selectinload(Authority.judgements))
    places = {a.id: a for a in db.session.scalars(loaded)}
    said: dict[int, list[PublishedPartner]] = {}
    for fact in db.session.scalars(select(PublishedPartner).order_by(PublishedPartner.id)):
        said.setdefault(fact.authority_id, []).append(fact)
    known = [(places[place], facts) for place, facts in said.items()]
    can = [(a, facts) for a, facts in known if themes_for(a, facts, 1)]
    can.sort(key=lambda pair: (pair[0].name != GIVER, not _speaks(pair[1]), pair[0].name))
    return can[:PROVIDERS]


def _speaks(facts: list[PublishedPartner]) -> bool:
    return any(fact.specialisms for fact in facts)


def themes_for(provider: Authority, facts: list[PublishedPartner], count: int) -> list[Theme]:
    """Themes that the provider may offer: those its pages state first, then others in turn."""
    by_code = {theme.code: theme for theme in db.session.scalars(select(Theme))}
    text = " ".join(fact.specialisms or "" for fact in facts).casefold()
    stated = [code for phrase, code in SPECIALISMS.items() if phrase in text]
    start = sum(provider.code.encode()) % len(WORDS)
    rest = [*WORDS][start:] + [*WORDS][:start]
    codes = dict.fromkeys([*stated, *rest])
    able = [by_code[c] for c in codes if may_offer_theme(provider, by_code[c].area)]
    return able[:count]


def publish_offers(company: Company, rng: Random) -> list[Offer]:
    """Three offers from each provider: under Partners in Practice where its rules allow it."""
    programmes = {p.code: p for p in db.session.scalars(select(Programme))}
    choices = list(db.session.scalars(select(Choice).order_by(Choice.id)))
    made = []
    for provider, facts in providers():
        for number, theme in enumerate(themes_for(provider, facts, 3)):
            pip = programmes["pip"]
            may_pip = number < 2 and why_not_provide(provider, pip.policy, [theme]) is None
            programme = pip if may_pip else programmes["own"]
            beside = _beside(theme, themes_for(provider, facts, len(WORDS)))
            terms = _terms(theme, beside, facts, choices, rng)
            made.append(_published(company, provider, programme, terms))
    return made


def offer_by_exception(company: Company, rng: Random) -> list[Offer]:
    """One partner that the rules keep out of Partners in Practice gives under an exception."""
    pip = db.session.scalars(select(Programme).filter_by(code="pip")).one()
    choices = list(db.session.scalars(select(Choice).order_by(Choice.id)))
    kept_out = [pair for pair in providers() if why_not_provide(pair[0], pip.policy, ())]
    for provider, facts in kept_out[:1]:
        exceptions.grant(
            provider=provider,
            programme=pip,
            because=EXCEPTION,
            expires_on=clock.today() + timedelta(days=180),
            by=company.coordinator(provider),
        )
        terms = _terms(themes_for(provider, facts, 1)[0], [], facts, choices, rng)
        return [_published(company, provider, pip, terms)]
    return []


def _published(
    company: Company, provider: Authority, programme: Programme, terms: offers.OfferTerms
) -> Offer:
    offer = offers.draft(
        provider=provider,
        programme=programme,
        terms=terms,
        by=company.partnership_lead(provider),
        is_illustrative=True,
    )
    offers.publish(offer, by=company.director(provider))
    return offer


def _beside(theme: Theme, able: list[Theme]) -> list[Theme]:
    """A second theme under the same heading that the provider may offer, where there is one."""
    return [one for one in able if one.parent_id == theme.parent_id and one is not theme][:1]


def _terms(
    theme: Theme,
    beside: list[Theme],
    facts: list[PublishedPartner],
    choices: list[Choice],
    rng: Random,
) -> offers.OfferTerms:
    words = WORDS[theme.code]
    text = " ".join(fact.specialisms or "" for fact in facts).casefold()
    fact = next((fact for fact in facts if fact.specialisms), None)
    is_stated = any(code == theme.code and p in text for p, code in SPECIALISMS.items())
    kinds = ("support_type", "mode", "level")
    chosen = tuple(rng.choice([c for c in choices if c.kind == kind]) for kind in kinds)
    return offers.OfferTerms(
        title=words.offer,
        what_we_do=words.we_do,
        themes=(
            offers.Backed(theme, Evidence.PUBLISHED, note=fact.source[:400])
            if fact and is_stated
            else offers.Backed(theme, Evidence.OWN_IMPROVEMENT),
            *(offers.Backed(one) for one in beside),
        ),
        choices=chosen,
        delivery=rng.choice(list(Delivery)),
        days_least=rng.choice([1, 2, 4]) * DAY,
        days_most=rng.choice([30, 40, 60, 120]) * DAY,
        **_in_full(theme),
    )


def _in_full(theme: Theme) -> dict[str, Any]:
    """How long, and who was helped before: by the theme, so that it stays the same."""
    turn = theme.position % 3
    return {
        "commitment_months": (6, 9, 12)[turn],
        "helped_before": HELPED_BEFORE[turn],
    }


def leave_a_draft(company: Company, offer: Offer) -> Offer:
    """A copy of an offer that its lead has sent to the director."""
    lead = company.partnership_lead(offer.provider)
    copied = offers.copy(offer, by=lead)
    offers.write_in(
        copied,
        {"title": f"{offer.title}: a short visit", "days_least": DAY, "days_most": 3 * DAY},
        by=lead,
    )
    offers.hand_over(copied, by=lead)
    return copied


def give_together(company: Company, offer: Offer, partner: Authority) -> None:
    """A second version, given with another authority whose director agreed to be named."""
    director = company.director(offer.provider)
    offers.begin_revision(offer, by=director)
    offers.write_in(offer, {"partners": (partner,)}, by=director)
    joint.ask_partners(offer, by=director)
    joint.join(offer, by=company.director(partner))
    offers.sign_off(offer, by=director)


def confirm_days(company: Company, made: list[Offer], first: Quarter, rng: Random) -> None:
    """Nine quarters of confirmed days from `first` and three of likely ones, for every programme a
    provider is in."""
    pairs = {(o.provider_id, o.programme_id): o for o in made}
    for number, offer in enumerate(pairs.values()):
        each = 70 if offer.provider.name == GIVER else rng.choice([35, 40, 45, 50])
        days = {first + n: (each + rng.choice([-5, 0, 0, 5])) * DAY for n in range(12)}
        plan = capacities.Plan(
            confirmed={quarter: n for quarter, n in days.items() if quarter < first + 9},
            indicated={quarter: n // 2 for quarter, n in days.items() if quarter >= first + 9},
            backfill=[*Backfill][number % 3],
            note="" if number % 4 else "Fewer days in August, when our own teams are on leave.",
        )
        capacities.set_out(
            provider=offer.provider,
            plans={offer.programme: plan},
            by=company.director(offer.provider),
        )
