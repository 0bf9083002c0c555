"""Who hears of something: named groups of people around a thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, select

from broker import clock
from broker.db import db
from broker.models.match import MatchState, Side
from broker.models.person import Membership, Person, Role

Group = Callable[[Any], list[Person]]


def _holders(role: Role, place: ColumnElement[bool]) -> list[Person]:
    held = select(Membership.person_id).where(
        Membership.role == role, place, Membership.held_on(clock.today())
    )
    return list(db.session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id)))


def receiving_side(thing: Any) -> list[Person]:
    """the receiving authority's director and lead"""
    place = Membership.authority_id == thing.receiver_id
    return _holders(Role.DIRECTOR, place) + _holders(Role.IMPROVEMENT_LEAD, place)


def providing_side(thing: Any) -> list[Person]:
    """the providing authority's director and lead"""
    place = Membership.authority_id == thing.provider_id
    return _holders(Role.DIRECTOR, place) + _holders(Role.PARTNERSHIP_LEAD, place)


def providing_coordinators(thing: Any) -> list[Person]:
    """the providing region's coordinator and deputy"""
    return _holders(Role.COORDINATOR, Membership.region_id == thing.provider.region_id)


def coordinators_across(match: Any) -> list[Person]:
    """the providing region's coordinator and deputy, where it is another region"""
    is_across = match.receiver.region_id != match.provider.region_id
    return providing_coordinators(match) if is_across else []


def partner_directors(offer: Any) -> list[Person]:
    """the directors of the other authorities that are to give it too"""
    asked = [partner.authority_id for partner in offer.working.partners]
    return _holders(Role.DIRECTOR, Membership.authority_id.in_(asked))


def who_invited(invitation: Any) -> list[Person]:
    """whoever sent the invitation"""
    return [invitation.invited_by]


def whom_it_invites(invitation: Any) -> list[Person]:
    """whom it invites"""
    return [invitation.person]


def whose_role_it_is(membership: Any) -> list[Person]:
    """whose role it is"""
    return [membership.person]


def directors_there(membership: Any) -> list[Person]:
    """the directors of the authority"""
    if membership.authority_id is None:
        return []
    return _holders(Role.DIRECTOR, Membership.authority_id == membership.authority_id)


def themselves(thing: Any) -> list[Person]:
    """the person"""
    return [thing]


def both_sides(thing: Any) -> list[Person]:
    """both sides' directors and leads"""
    return receiving_side(thing) + providing_side(thing)


def side_to_confirm_it(recording: Any) -> list[Person]:
    """the side that did not write it"""
    gives = recording.entered_side is Side.PROVIDER
    return receiving_side(recording) if gives else providing_side(recording)


def side_that_wrote_it(recording: Any) -> list[Person]:
    """the side that wrote it"""
    gives = recording.entered_side is Side.PROVIDER
    return providing_side(recording) if gives else receiving_side(recording)


def coordinators(thing: Any) -> list[Person]:
    """the receiving region's coordinator and deputy"""
    return _holders(Role.COORDINATOR, Membership.region_id == thing.receiver.region_id)


def deputies(thing: Any) -> list[Person]:
    """the receiving region's deputies; its coordinator where there is none"""
    region = Membership.region_id == thing.receiver.region_id
    return _holders(Role.COORDINATOR, region & Membership.deputy_for_id.is_not(None)) or (
        coordinators(thing)
    )


def authority_shown(showing: Any) -> list[Person]:
    """the director and leads of the authority that it speaks of"""
    place = Membership.authority_id == showing.authority_id
    gives = showing.side is Side.PROVIDER
    lead = Role.PARTNERSHIP_LEAD if gives else Role.IMPROVEMENT_LEAD
    return _holders(Role.DIRECTOR, place) + _holders(lead, place)


def coordinators_once_agreed(match: Any) -> list[Person]:
    """once both agree: the receiving region's coordinator and deputy"""
    return coordinators(match) if match.state.value == MatchState.AGREED.value else []


def all_once_decided(match: Any) -> list[Person]:
    """once the panel has decided: both sides, the region and the programme"""
    if match.state.value == MatchState.WITH_PANEL.value:
        return []
    return both_sides(match) + coordinators(match) + managers(match)


def whose_round_it_is(thing: Any) -> list[Person]:
    """the coordinator and deputy of the round's region; the programme's managers, where it is over
    all England"""
    if thing.region_id is None:
        return managers(thing)
    return _holders(Role.COORDINATOR, Membership.region_id == thing.region_id)


def managers(thing: Any) -> list[Person]:
    """the programme's managers"""
    return _holders(Role.PROGRAMME_MANAGER, Membership.programme_id == thing.programme_id)


def its_managers(programme: Any) -> list[Person]:
    """its managers"""
    return _holders(Role.PROGRAMME_MANAGER, Membership.programme_id == programme.id)


def the_deputy(membership: Any) -> list[Person]:
    """the deputy"""
    return [membership.person]


def panel(thing: Any) -> list[Person]:
    """the approval panel"""
    return _holders(Role.PANEL, Membership.id.is_not(None))


def side_to_confirm(day: Any) -> list[Person]:
    """the side that did not log the day"""
    return receiving_side(day) if day.logged_by_side is Side.PROVIDER else providing_side(day)


def side_to_agree(extra: Any) -> list[Person]:
    """the side that did not propose them"""
    by_provider = extra.proposed_by_side is Side.PROVIDER
    return receiving_side(extra) if by_provider else providing_side(extra)


def side_that_proposed(extra: Any) -> list[Person]:
    """the side that proposed them"""
    by_provider = extra.proposed_by_side is Side.PROVIDER
    return providing_side(extra) if by_provider else receiving_side(extra)


def side_to_answer(day: Any) -> list[Person]:
    """the side that logged the day"""
    return providing_side(day) if day.logged_by_side is Side.PROVIDER else receiving_side(day)
