"""Who may do what, and who may see what: every rule about people stands here, named.

Two kinds. A *test* asks whether a person may do something to a thing and answers with the
membership through which they may (so that a deputy's act is recorded 'for the director'), or None.
A *sight* is a condition on rows: what a person may see. `None` as person means not signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from broker.fresh_eyes import has_fresh_eyes, is_somebody_fresh, somebody_fresh
from broker.models.authority import Authority
from broker.models.exception import EligibilityException
from broker.models.intervention import Intervention, InterventionState
from broker.models.ledger import Capacity
from broker.models.match import Conversation, Match, MatchState, Round, Suggestion
from broker.models.need import Need, NeedState
from broker.models.offer import Offer, OfferPartner, OfferState, OfferVersion
from broker.models.partnership import Partnership, SupportDay
from broker.models.person import Membership, Person, Role, for_duty
from broker.models.return_ import Freeze, Return
from broker.models.signing import Signer, SignLink, standing

Test = Callable[[Person, Any], Membership | None]
Sight = ColumnElement[bool]

RECEIVING = (Role.DIRECTOR, Role.IMPROVEMENT_LEAD)
GIVING = (Role.DIRECTOR, Role.PARTNERSHIP_LEAD)


# -- tests: may this person do it? ------------------------------------------------------------


def acts_for_both(person: Person, thing: Any) -> bool:
    """Whether a person could act for both authorities of a thing: then they act for neither."""
    receiver_id = getattr(thing, "receiver_id", None)
    provider_id = getattr(thing, "provider_id", None)
    if receiver_id is None or provider_id is None:
        return False
    with for_duty(None):
        return bool(person.at(receiver_id, *RECEIVING) and person.at(provider_id, *GIVING))


def _alone(person: Person, thing: Any, authority_id: int, role: Role) -> Membership | None:
    return None if acts_for_both(person, thing) else person.at(authority_id, role)


def director_of_the_provider(person: Person, thing: Any) -> Membership | None:
    """a director of the providing authority"""
    return _alone(person, thing, thing.provider_id, Role.DIRECTOR)


def lead_of_the_provider(person: Person, thing: Any) -> Membership | None:
    """a partnership lead of the providing authority"""
    return _alone(person, thing, thing.provider_id, Role.PARTNERSHIP_LEAD)


def director_of_a_partner_asked(person: Person, offer: Offer) -> Membership | None:
    """a director of an authority that is asked to give the offer too"""
    version = offer.working
    return _director_among(person, [p for p in version.partners if p.is_waiting] if version else [])


def director_of_a_partner_named(person: Person, offer: Offer) -> Membership | None:
    """a director of an authority that gives the offer together with its provider"""
    return _director_among(person, offer.partners)


def _director_among(person: Person, partners: Sequence[OfferPartner]) -> Membership | None:
    held = (person.at(partner.authority_id, Role.DIRECTOR) for partner in partners)
    return next((membership for membership in held if membership), None)


def practitioner_of_the_provider(person: Person, thing: Any) -> Membership | None:
    """a practitioner of the providing authority"""
    return person.at(thing.provider_id, Role.PRACTITIONER)


def director_of_the_receiver(person: Person, thing: Any) -> Membership | None:
    """a director of the receiving authority"""
    return _alone(person, thing, thing.receiver_id, Role.DIRECTOR)


def lead_of_the_receiver(person: Person, thing: Any) -> Membership | None:
    """an improvement lead of the receiving authority"""
    return _alone(person, thing, thing.receiver_id, Role.IMPROVEMENT_LEAD)


def lead_with_a_small_ask(person: Person, need: Need) -> Membership | None:
    """an improvement lead of the receiver, with a small ask where the programme lets leads ask"""
    lets = need.is_small and need.programme.policy.leads_may_ask
    return lead_of_the_receiver(person, need) if lets else None


def lead_once_the_director_has_signed(person: Person, need: Need) -> Membership | None:
    """an improvement lead of the receiving authority, while the director's sign-off stands"""
    held = lead_of_the_receiver(person, need)
    return held if held and Signer.DIRECTOR in standing(need) else None


def chief_executive_of_the_receiver(person: Person, need: Need) -> Membership | None:
    """the chief executive of the receiving authority"""
    return person.at(need.receiver_id, Role.CHIEF_EXECUTIVE)


def lead_member_of_the_receiver(person: Person, need: Need) -> Membership | None:
    """the lead member of the receiving authority"""
    return person.at(need.receiver_id, Role.LEAD_MEMBER)


def one_side_director(person: Person, thing: Any) -> Membership | None:
    """a director of one of the two authorities, and of one only"""
    return director_of_the_receiver(person, thing) or director_of_the_provider(person, thing)


def one_side(person: Person, thing: Any) -> Membership | None:
    """a director or lead of one of the two authorities, and of one only"""
    lead = lead_of_the_receiver(person, thing) or lead_of_the_provider(person, thing)
    return one_side_director(person, thing) or lead


def side_that_logged(person: Person, day: SupportDay) -> Membership | None:
    """the side that logged the day"""
    return _on_side(person, day, is_logging_side=True)


def side_that_did_not_log(person: Person, day: SupportDay) -> Membership | None:
    """the side that did not log the day"""
    return _on_side(person, day, is_logging_side=False)


def _on_side(person: Person, day: SupportDay, *, is_logging_side: bool) -> Membership | None:
    if person.id == day.logged_by_id and not is_logging_side:
        return None
    by_provider = day.logged_by_side.value == "provider"
    if by_provider is is_logging_side:
        return person.at(day.provider_id, *GIVING, Role.PRACTITIONER)
    return person.at(day.receiver_id, *RECEIVING)


def coordinator_of_the_region(person: Person, thing: Any) -> Membership | None:
    """a coordinator (or deputy) of the receiving region"""
    return person.in_region(thing.receiver.region_id, Role.COORDINATOR)


def coordinator_of_the_round(person: Person, thing: Round) -> Membership | None:
    """a coordinator (or deputy) of the round's region"""
    return person.in_region(thing.region_id, Role.COORDINATOR)


def coordinator_with_fresh_eyes(person: Person, match: Match) -> Membership | None:
    """a coordinator of the receiving region who neither originated the match nor belongs to a
    party; else that region's deputy; else another region's coordinator"""
    if not has_fresh_eyes(person, match):
        return None
    if own := person.in_region(match.receiver.region_id, Role.COORDINATOR):
        return own
    elsewhere = person.holding(Role.COORDINATOR)
    return elsewhere[0] if elsewhere and not is_somebody_fresh(match) else None


def panel_member(person: Person, match: Match) -> Membership | None:
    """a panel member who belongs to neither authority"""
    if not has_fresh_eyes(person, match):
        return None
    return next(iter(person.holding(Role.PANEL)), None)


def coordinator_of_the_providing_region(person: Person, thing: Any) -> Membership | None:
    """a coordinator (or deputy) of the providing region, who does not belong to the authority"""
    if person.belongs_to(thing.provider_id):
        return None
    return person.in_region(thing.provider.region_id, Role.COORDINATOR)


def manager_of_the_programme(person: Person, thing: Any) -> Membership | None:
    """a manager of the programme"""
    managing = person.holding(Role.PROGRAMME_MANAGER)
    return next((held for held in managing if held.programme_id == thing.programme_id), None)


def administrator(person: Person, thing: Any) -> Membership | None:
    """an administrator"""
    return next(iter(person.holding(Role.ADMINISTRATOR)), None)


def whose_deputy_it_is(person: Person, thing: Membership) -> Membership | None:
    """the director or coordinator whose deputy it is"""
    if person.id != thing.deputy_for_id:
        return None
    return next((own for own in person.holding(thing.role) if own.is_same_post(thing)), None)


def the_clock(person: Person, thing: Any) -> Membership | None:
    """the clock"""
    return next(iter(person.holding(Role.SYSTEM)), None)


# -- sights: what may this person see? --------------------------------------------------------


def _places(person: Person | None, column: str, *roles: Role) -> list[int]:
    held = person.holding(*roles) if person else []
    return [place for m in held if (place := getattr(m, column)) is not None]


def _authorities(person: Person | None, *roles: Role) -> list[int]:
    return _places(person, "authority_id", *roles)


def _in_regions(authority_id: InstrumentedAttribute[int], regions: list[int]) -> Sight:
    inside = select(Authority.id).where(Authority.region_id.in_(regions))
    return authority_id.in_(inside) if regions else false()


def offers_seen_by(person: Person | None) -> Sight:
    """Published offers: everybody. Others: their own authority, those asked to give them too,
    and who has them in a match."""
    published = Offer.state == OfferState.PUBLISHED
    if person is None:
        return published
    asked_about = select(Conversation.offer_id).where(
        Conversation.receiver_id.in_(_authorities(person, *RECEIVING))
    )
    talked = and_(Offer.state != OfferState.DRAFT, Offer.id.in_(asked_about))
    return or_(published, offers_written_by(person), talked)


def offers_written_by(person: Person) -> Sight:
    """Its own authority, and authorities that were asked to give it too."""
    places = _authorities(person, *GIVING)
    asked = (
        select(OfferVersion.offer_id)
        .join(OfferPartner, OfferPartner.version_id == OfferVersion.id)
        .where(OfferPartner.authority_id.in_(places), OfferPartner.asked_at.is_not(None))
    )
    return or_(Offer.provider_id.in_(places), Offer.id.in_(asked))


def capacities_seen_by(person: Person | None) -> Sight:
    """The provider's director and lead, and the programme's managers. Its free days stand in the
    prospectus for everybody."""
    return or_(
        Capacity.provider_id.in_(_authorities(person, *GIVING)),
        Capacity.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER)),
    )


def needs_seen_by(person: Person | None) -> Sight:
    """Own authority: all of its needs. In confidence: own region's coordinator. Submitted: the
    region. Open and after: DfE lead of the region and the programme's managers too."""
    if person is None:
        return false()
    own = Need.receiver_id.in_(_authorities(person, *RECEIVING))
    regions = _places(person, "region_id", Role.COORDINATOR)
    shared = and_(
        Need.state != NeedState.PRIVATE,
        or_(Need.state != NeedState.WITHDRAWN, Need.submitted_at.is_not(None)),
        _in_regions(Need.receiver_id, regions),
    )
    opened = and_(
        Need.opened_at.is_not(None),
        Need.state.not_in([NeedState.PRIVATE, NeedState.IN_CONFIDENCE, NeedState.SUBMITTED]),
        or_(
            _in_regions(Need.receiver_id, _places(person, "region_id", Role.DFE_LEAD)),
            Need.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER)),
        ),
    )
    return or_(own, shared, opened)


def needs_signed_by(person: Person | None) -> Sight:
    """A chief executive or lead member: own authority's, once submitted, and before that when
    somebody there has made a link to sign by. On the page to sign only."""
    asked = select(SignLink.need_id).where(SignLink.cancelled_at.is_(None))
    return and_(
        Need.receiver_id.in_(_authorities(person, Role.CHIEF_EXECUTIVE, Role.LEAD_MEMBER)),
        or_(
            Need.state == NeedState.SUBMITTED,
            and_(Need.state.in_([NeedState.PRIVATE, NeedState.IN_CONFIDENCE]), Need.id.in_(asked)),
        ),
    )


def suggestions_seen_by(person: Person | None) -> Sight:
    """The receiver, and its region's coordinator; the provider only once it is asked."""
    if person is None:
        return false()
    needs = select(Need.id).where(
        needs_seen_by(person),
        or_(
            Need.receiver_id.in_(_authorities(person, *RECEIVING)),
            _in_regions(Need.receiver_id, _places(person, "region_id", Role.COORDINATOR)),
        ),
    )
    return Suggestion.need_id.in_(needs)


def conversations_seen_by(person: Person | None) -> Sight:
    """The two parties and the receiving region's coordinator."""
    if person is None:
        return false()
    return or_(
        Conversation.receiver_id.in_(_authorities(person, *RECEIVING)),
        Conversation.provider_id.in_(_authorities(person, *GIVING)),
        _in_regions(Conversation.receiver_id, _places(person, "region_id", Role.COORDINATOR)),
    )


def _parties_region_programme(
    person: Person, thing: type[Match] | type[Partnership]
) -> list[Sight]:
    regions = _places(person, "region_id", Role.COORDINATOR, Role.DFE_LEAD)
    return [
        thing.receiver_id.in_(_authorities(person, *RECEIVING)),
        thing.provider_id.in_(_authorities(person, *GIVING)),
        _in_regions(thing.receiver_id, regions),
        thing.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER)),
    ]


def matches_seen_by(person: Person | None) -> Sight:
    """Parties, the receiving region, the programme; the panel once it is asked; and coordinators
    elsewhere when they must approve because nobody in the region may."""
    if person is None:
        return false()
    sights = _parties_region_programme(person, Match)
    if person.holding(Role.PANEL):
        sights.append(Match.sent_to_panel_at.is_not(None))
    if person.holding(Role.COORDINATOR):
        sights.append(and_(Match.state == MatchState.AGREED, ~somebody_fresh()))
    return or_(*sights)


def partnerships_seen_by(person: Person | None) -> Sight:
    """Parties with their practitioners, the receiving region, the programme."""
    if person is None:
        return false()
    practising = Partnership.provider_id.in_(_authorities(person, Role.PRACTITIONER))
    return or_(practising, *_parties_region_programme(person, Partnership))


def support_days_seen_by(person: Person | None) -> Sight:
    seen = select(Partnership.id).where(partnerships_seen_by(person))
    return SupportDay.partnership_id.in_(seen)


def rounds_seen_by(person: Person | None) -> Sight:
    """Coordinators of the round's region."""
    return Round.region_id.in_(_places(person, "region_id", Role.COORDINATOR))


def returns_seen_by(person: Person | None) -> Sight:
    """The provider's director and lead, and the programme's managers."""
    if person is None:
        return false()
    return or_(
        Return.provider_id.in_(_authorities(person, *GIVING)),
        Return.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER)),
    )


def freezes_seen_by(person: Person | None) -> Sight:
    """The programme's managers."""
    return Freeze.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER))


def exceptions_seen_by(person: Person | None) -> Sight:
    """The provider's director and lead, its region's coordinators and DfE lead, the programme's
    managers."""
    if person is None:
        return false()
    regions = _places(person, "region_id", Role.COORDINATOR, Role.DFE_LEAD)
    return or_(
        EligibilityException.provider_id.in_(_authorities(person, *GIVING)),
        _in_regions(EligibilityException.provider_id, regions),
        EligibilityException.programme_id.in_(
            _places(person, "programme_id", Role.PROGRAMME_MANAGER)
        ),
    )


def fact_imports_seen_by(person: Person | None) -> Sight:
    """Administrators."""
    return true() if person and person.holding(Role.ADMINISTRATOR) else false()


def interventions_seen_by(person: Person | None) -> Sight:
    """Published facts: everybody. Those struck out as mistakes: administrators."""
    stands = Intervention.state != InterventionState.STRUCK_OUT
    is_administrator = person is not None and person.holding(Role.ADMINISTRATOR)
    return Intervention.id.is_not(None) if is_administrator else stands
