"""Who may see what: every sight stands here, named.

A *sight* is a condition on rows. `None` as person means not signed in. Who may *do* what stands in
`broker/permissions.py`.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from broker.fresh_eyes import somebody_fresh
from broker.models.agreement import WorkingAgreement
from broker.models.authority import Authority
from broker.models.exception import EligibilityException
from broker.models.extension import Extension, ExtensionState
from broker.models.grant import Grant
from broker.models.intervention import Intervention, InterventionState
from broker.models.ledger import Capacity
from broker.models.match import Conversation, Match, MatchState, Round, Side, Suggestion
from broker.models.need import Need, NeedOrigin, NeedState
from broker.models.offer import Offer, OfferPartner, OfferState, OfferVersion
from broker.models.partnership import PARTNERSHIPS_LIVE, Partnership, SupportDay
from broker.models.person import Person, Role
from broker.models.plan import Plan, PlanState
from broker.models.pulse import Pulse, PulseState
from broker.models.recording import Recording
from broker.models.return_ import Freeze, Return, ReturnSection, SectionState
from broker.models.review import Review
from broker.models.showing import Showing, gone_out
from broker.models.signing import SignLink
from broker.models.suggested_need import SuggestedNeed
from broker.permissions import GIVING, RECEIVING

Sight = ColumnElement[bool]


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


def needs_released_to_providers() -> Sight:
    """Open needs whose authorities let providers see their region before they talk. Shown to
    providers in their released shape alone (broker/needs/released.py)."""
    return and_(
        Need.releases_region.is_(True),
        Need.state.in_([NeedState.OPEN, NeedState.PART_MATCHED]),
    )


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


def suggested_needs_seen_by(person: Person | None) -> Sight:
    """The authority it was put to; and whoever speaks for those who suggested it: the region's
    coordinators, its DfE leads, or the adviser."""
    if person is None:
        return false()
    of_region = _in_regions(
        SuggestedNeed.receiver_id, _places(person, "region_id", Role.COORDINATOR)
    )
    of_dfe = _in_regions(SuggestedNeed.receiver_id, _places(person, "region_id", Role.DFE_LEAD))
    return or_(
        SuggestedNeed.receiver_id.in_(_authorities(person, *RECEIVING)),
        and_(SuggestedNeed.origin == NeedOrigin.REGION, of_region),
        and_(SuggestedNeed.origin == NeedOrigin.DFE, of_dfe),
        SuggestedNeed.suggested_by_id == person.id,
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


def recordings_seen_by(person: Person | None) -> Sight:
    """The side that wrote it; the other once it is sent; the receiving region's coordinators once
    both say that it is so."""
    if person is None:
        return false()
    receives = Recording.receiver_id.in_(_authorities(person, *RECEIVING))
    gives = Recording.provider_id.in_(_authorities(person, *GIVING))
    of_region = _in_regions(Recording.receiver_id, _places(person, "region_id", Role.COORDINATOR))
    return or_(
        and_(Recording.entered_side == Side.RECEIVER, receives),
        and_(Recording.entered_side == Side.PROVIDER, gives),
        and_(Recording.sent_at.is_not(None), or_(receives, gives)),
        and_(Recording.confirmed_at.is_not(None), of_region),
    )


def help_read_by(person: Person | None) -> Sight:
    """Authorities of which a person may read who helps them: their own, and those of a
    coordinator's region; with the authority's agreement also those it gets help from, the region's
    DfE lead and the managers of the programmes concerned."""
    if person is None:
        return false()
    helped = select(Partnership.receiver_id).where(
        Partnership.state.in_(PARTNERSHIPS_LIVE),
        or_(
            Partnership.provider_id.in_(_authorities(person, *GIVING)),
            Partnership.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER)),
        ),
    )
    concerned = or_(
        Authority.id.in_(helped),
        _in_regions(Authority.id, _places(person, "region_id", Role.DFE_LEAD)),
    )
    return or_(
        Authority.id.in_(_authorities(person, *RECEIVING)),
        _in_regions(Authority.id, _places(person, "region_id", Role.COORDINATOR)),
        and_(Authority.shares_help.is_(True), concerned),
    )


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


def showings_seen_by(person: Person | None) -> Sight:
    """The director and the leads, on its side, of the authority that it speaks of."""
    return or_(
        and_(
            Showing.side == Side.RECEIVER,
            Showing.authority_id.in_(_authorities(person, *RECEIVING)),
        ),
        and_(
            Showing.side == Side.PROVIDER, Showing.authority_id.in_(_authorities(person, *GIVING))
        ),
    )


def parties_of_partnerships(person: Person | None) -> Sight:
    """Directors and leads of both sides: what they write about the partnership is theirs first."""
    return or_(
        Partnership.receiver_id.in_(_authorities(person, *RECEIVING)),
        Partnership.provider_id.in_(_authorities(person, *GIVING)),
    )


def reviews_seen_by(person: Person | None) -> Sight:
    """Both sides' directors and leads. The receiving region's coordinator: once it is recorded,
    and both authorities have read what goes out or have had 5 working days."""
    own = select(Partnership.id).where(parties_of_partnerships(person))
    regions = _places(person, "region_id", Role.COORDINATOR)
    region = select(Partnership.id).where(_in_regions(Partnership.receiver_id, regions))
    return or_(
        Review.partnership_id.in_(own),
        and_(Review.partnership_id.in_(region), gone_out(Review.noun, Review.id)),
    )


def pulses_seen_by(person: Person | None) -> Sight:
    """Both sides' directors and leads. Whoever else sees the partnership: once it is released, and
    both authorities have read what it says or have had 5 working days."""
    own = select(Partnership.id).where(parties_of_partnerships(person))
    seen = select(Partnership.id).where(partnerships_seen_by(person))
    released = and_(Pulse.state == PulseState.RELEASED, gone_out(Pulse.noun, Pulse.id))
    return or_(
        Pulse.partnership_id.in_(own),
        and_(Pulse.partnership_id.in_(seen), released),
    )


def working_agreements_seen_by(person: Person | None) -> Sight:
    """Who sees the partnership."""
    seen = select(Partnership.id).where(partnerships_seen_by(person))
    return WorkingAgreement.partnership_id.in_(seen)


def plans_seen_by(person: Person | None) -> Sight:
    """Versions that both sides agreed to: who sees the partnership. Others: the two sides with
    their practitioners, and the receiving region's coordinator."""
    seen = select(Partnership.id).where(partnerships_seen_by(person))
    near = select(Partnership.id).where(
        or_(
            Partnership.receiver_id.in_(_authorities(person, *RECEIVING)),
            Partnership.provider_id.in_(_authorities(person, *GIVING, Role.PRACTITIONER)),
            _in_regions(Partnership.receiver_id, _places(person, "region_id", Role.COORDINATOR)),
        )
    )
    agreed = Plan.state.in_([PlanState.AGREED, PlanState.REPLACED])
    return or_(Plan.partnership_id.in_(near), and_(agreed, Plan.partnership_id.in_(seen)))


def extensions_seen_by(person: Person | None) -> Sight:
    """Who sees the partnership; the panel once it is asked; and coordinators elsewhere when they
    must approve because nobody in the region may."""
    if person is None:
        return false()
    seen = select(Partnership.id).where(partnerships_seen_by(person))
    sights: list[Sight] = [Extension.partnership_id.in_(seen)]
    if person.holding(Role.PANEL):
        sights.append(Extension.sent_to_panel_at.is_not(None))
    if person.holding(Role.COORDINATOR):
        nobody = select(Partnership.id).join(Partnership.match).where(~somebody_fresh())
        is_agreed = Extension.state == ExtensionState.AGREED
        sights.append(and_(is_agreed, Extension.partnership_id.in_(nobody)))
    return or_(*sights)


def rounds_seen_by(person: Person | None) -> Sight:
    """Coordinators of the round's region; the programme's managers, of those over all England."""
    managed = Round.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER))
    return or_(
        Round.region_id.in_(_places(person, "region_id", Role.COORDINATOR)),
        and_(Round.region_id.is_(None), managed),
    )


def returns_seen_by(person: Person | None) -> Sight:
    """The provider's director and lead, and the programme's managers."""
    if person is None:
        return false()
    return or_(
        Return.provider_id.in_(_authorities(person, *GIVING)),
        Return.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER)),
    )


def return_sections_seen_by(person: Person | None) -> Sight:
    """The provider's director and lead; and those of the receiver that it speaks of, once shown."""
    own = select(Return.id).where(Return.provider_id.in_(_authorities(person, *GIVING)))
    return or_(
        ReturnSection.return_id.in_(own),
        and_(
            ReturnSection.receiver_id.in_(_authorities(person, *RECEIVING)),
            ReturnSection.state != SectionState.WRITTEN,
        ),
    )


def freezes_seen_by(person: Person | None) -> Sight:
    """The programme's managers."""
    return Freeze.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER))


def grants_seen_by(person: Person | None) -> Sight:
    """The programme's managers; and the provider's director and lead, their own."""
    return or_(
        Grant.programme_id.in_(_places(person, "programme_id", Role.PROGRAMME_MANAGER)),
        Grant.provider_id.in_(_authorities(person, *GIVING)),
    )


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


def seen_by_administrators(person: Person | None) -> Sight:
    """Administrators."""
    return true() if person and person.holding(Role.ADMINISTRATOR) else false()


def interventions_seen_by(person: Person | None) -> Sight:
    """Published facts: everybody. Those struck out as mistakes: administrators."""
    stands = Intervention.state != InterventionState.STRUCK_OUT
    is_administrator = person is not None and person.holding(Role.ADMINISTRATOR)
    return Intervention.id.is_not(None) if is_administrator else stands
