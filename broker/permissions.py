"""Who may do what: every rule about people stands here, named.

A *test* asks whether a person may do something to a thing and answers with the membership through
which they may (so that a deputy's act is recorded 'for the director'), or None. What a person may
*see* stands in `broker/sights.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from broker.fresh_eyes import belonged_lately, has_fresh_eyes, is_somebody_fresh
from broker.models.authority import Authority
from broker.models.extension import Extension
from broker.models.extra import Extra
from broker.models.invitation import Invitation
from broker.models.match import Match, Round, Side
from broker.models.need import Need, NeedOrigin
from broker.models.offer import Offer, OfferPartner
from broker.models.partnership import SupportDay
from broker.models.person import Membership, Person, Role, for_duty
from broker.models.recording import Recording
from broker.models.showing import Showing
from broker.models.signing import Signer, standing
from broker.models.suggested_need import SuggestedNeed

Test = Callable[[Person, Any], Membership | None]

RECEIVING = (Role.DIRECTOR, Role.IMPROVEMENT_LEAD)
GIVING = (Role.DIRECTOR, Role.PARTNERSHIP_LEAD)
# What a director may give others at the authority; who comes after a director, administrators say.
AT_AN_AUTHORITY = (
    Role.IMPROVEMENT_LEAD,
    Role.PARTNERSHIP_LEAD,
    Role.PRACTITIONER,
    Role.CHIEF_EXECUTIVE,
    Role.LEAD_MEMBER,
)
SUGGESTING = {
    Role.COORDINATOR: NeedOrigin.REGION,
    Role.DFE_LEAD: NeedOrigin.DFE,
    Role.ADVISER: NeedOrigin.ADVISER,
}


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
    held = person.at(authority_id, role)
    return held if held and not acts_for_both(person, thing) else None


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


def director_of_this_authority(person: Person, thing: Authority) -> Membership | None:
    """a director of this authority"""
    return person.at(thing.id, Role.DIRECTOR)


def lead_of_this_authority(person: Person, thing: Authority) -> Membership | None:
    """an improvement lead of this authority"""
    return person.at(thing.id, Role.IMPROVEMENT_LEAD)


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


def director_of_the_other_side(person: Person, extra: Extra) -> Membership | None:
    """a director of the authority that did not propose them"""
    by_provider = extra.proposed_by_side is Side.PROVIDER
    test = director_of_the_receiver if by_provider else director_of_the_provider
    return test(person, extra)


def side_that_proposed(person: Person, extra: Extra) -> Membership | None:
    """a director or lead of the authority that proposed them"""
    if extra.proposed_by_side is Side.PROVIDER:
        return director_of_the_provider(person, extra) or lead_of_the_provider(person, extra)
    return director_of_the_receiver(person, extra) or lead_of_the_receiver(person, extra)


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


def side_that_entered(person: Person, recording: Recording) -> Membership | None:
    """a director or lead of the side that wrote it"""
    return _of_side(person, recording, recording.entered_side)


def side_that_did_not_enter(person: Person, recording: Recording) -> Membership | None:
    """a director or lead of the other side"""
    return _of_side(person, recording, recording.entered_side.other)


def _of_side(person: Person, thing: Any, side: Side) -> Membership | None:
    if side is Side.PROVIDER:
        return director_of_the_provider(person, thing) or lead_of_the_provider(person, thing)
    return director_of_the_receiver(person, thing) or lead_of_the_receiver(person, thing)


def coordinator_to_note_it(person: Person, recording: Recording) -> Membership | None:
    """a coordinator (or deputy) of the receiving region who wrote none of it and belongs to neither
    side"""
    fresh = has_fresh_eyes(person, recording)
    return person.in_region(recording.receiver.region_id, Role.COORDINATOR) if fresh else None


def coordinator_of_the_region(person: Person, thing: Any) -> Membership | None:
    """a coordinator (or deputy) of the receiving region"""
    return person.in_region(thing.receiver.region_id, Role.COORDINATOR)


def coordinator_of_the_round(person: Person, thing: Round) -> Membership | None:
    """a coordinator (or deputy) of the round's region"""
    return person.in_region(thing.region_id, Role.COORDINATOR) if thing.region_id else None


def a_coordinator(person: Person, thing: Any) -> Membership | None:
    """a coordinator (or deputy)"""
    return next(iter(person.holding(Role.COORDINATOR)), None)


def coordinator_with_fresh_eyes(person: Person, match: Match) -> Membership | None:
    """a coordinator of the receiving region who neither originated the match nor belongs to a
    party; else that region's deputy; else another region's coordinator"""
    if not has_fresh_eyes(person, match):
        return None
    if own := person.in_region(match.receiver.region_id, Role.COORDINATOR):
        return own
    elsewhere = person.holding(Role.COORDINATOR)
    return elsewhere[0] if elsewhere and not is_somebody_fresh(match) else None


def coordinator_for_an_extension(person: Person, extension: Extension) -> Membership | None:
    """a coordinator of the receiving region who neither proposed it nor belongs to a party; else
    that region's deputy; else another region's coordinator"""
    if not has_fresh_eyes(person, extension):
        return None
    if own := person.in_region(extension.receiver.region_id, Role.COORDINATOR):
        return own
    elsewhere = person.holding(Role.COORDINATOR)
    return elsewhere[0] if elsewhere and not is_somebody_fresh(extension.match) else None


def panel_member(person: Person, match: Match | Extension) -> Membership | None:
    """a panel member who belongs to neither authority, now or in the last three years"""
    if not has_fresh_eyes(person, match) or belonged_lately(person, match):
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


def manager_of_the_round(person: Person, thing: Round) -> Membership | None:
    """a manager of the programme, where the round is over all England"""
    return None if thing.region_id else manager_of_the_programme(person, thing)


def dfe_lead_of_the_region(person: Person, thing: Any) -> Membership | None:
    """the DfE lead of the receiving region"""
    return person.in_region(thing.receiver.region_id, Role.DFE_LEAD)


def adviser_of_the_receiver(person: Person, thing: Any) -> Membership | None:
    """an adviser of the receiving authority, or of all England"""
    held = person.holding(Role.ADVISER)
    near = (None, thing.receiver_id)
    return next((one for one in held if one.authority_id in near), None)


def who_suggested_it(person: Person, thing: SuggestedNeed) -> Membership | None:
    """whoever suggested it"""
    tests = (coordinator_of_the_region, dfe_lead_of_the_region, adviser_of_the_receiver)
    found = next((held for test in tests if (held := test(person, thing))), None)
    return found if person.id == thing.suggested_by_id else None


def director_for_this_role(person: Person, held: Membership | Invitation) -> Membership | None:
    """a director of the authority, for the other roles at it"""
    if held.authority_id is None or held.role not in AT_AN_AUTHORITY:
        return None
    return person.at(held.authority_id, Role.DIRECTOR)


def whom_it_invites(person: Person, invitation: Invitation) -> Membership | None:
    """the person it invites"""
    if person.id != invitation.person_id:
        return None
    return next((held for held in person.memberships if held.role is invitation.role), None)


def oneself(person: Person, thing: Person) -> Membership | None:
    """the person themselves"""
    return next(iter(person.held_today), None) if person.id == thing.id else None


def administrator(person: Person, thing: Any) -> Membership | None:
    """an administrator"""
    return next(iter(person.holding(Role.ADMINISTRATOR)), None)


def authority_it_is_shown_to(person: Person, showing: Showing) -> Membership | None:
    """a director or lead of the authority that it speaks of"""
    roles = RECEIVING if showing.side is Side.RECEIVER else GIVING
    return person.at(showing.authority_id, *roles)


def whose_deputy_it_is(person: Person, thing: Membership) -> Membership | None:
    """the director or coordinator whose deputy it is"""
    if person.id != thing.deputy_for_id:
        return None
    return next((own for own in person.holding(thing.role) if own.is_same_post(thing)), None)


def the_clock(person: Person, thing: Any) -> Membership | None:
    """the clock"""
    return next(iter(person.holding(Role.SYSTEM)), None)
