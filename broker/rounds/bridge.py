"""The one bridge between rows and the matcher's plain values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from broker import ledger
from broker.clock import Quarter, coming_quarters, this_quarter
from broker.conditions import why_not_under
from broker.db import db
from broker.matching import facts
from broker.matching.scores import Explanation
from broker.models import match as m
from broker.models.authority import Area, Authority, EarlierPartnership, Grade, Neighbour, Region
from broker.models.ledger import Capacity
from broker.models.need import Need, NeedState, Wish
from broker.models.offer import Offer, OfferState, OfferVersion, Situation
from broker.models.partnership import Partnership
from broker.models.programme import Programme, Theme
from broker.needs.actions import days_by_quarter

QUARTERS = 8
LATER_STARTS = 1


def quarters() -> list[Quarter]:
    """The quarters that matching looks at: this one and those after it."""
    return coming_quarters(QUARTERS)


def offers_of(programme: Programme) -> list[Offer]:
    """Every published offer that is open to a programme, with its providers' judgements."""
    published = (
        select(Offer)
        .where(Offer.current.has(OfferVersion.programmes.any(id=programme.id)))
        .where(Offer.state == OfferState.PUBLISHED)
        .options(selectinload(Offer.provider).selectinload(Authority.judgements))
        .order_by(Offer.id)
    )
    return list(db.session.scalars(published).unique())


def world_of(programme: Programme) -> facts.World:
    """Days free and partnerships live, for every provider of a programme."""
    capacities = list(db.session.scalars(select(Capacity).filter_by(programme_id=programme.id)))
    balances = ledger.balances(capacity.id for capacity in capacities)
    held = ledger.partnerships_of(capacity.id for capacity in capacities)
    ahead = quarters()
    free, live, limits = {}, {}, {}
    for capacity in capacities:
        supply = (capacity.provider.code, programme.code)
        now = balances.get(capacity.id, {})
        free[supply] = tuple(max(0, now.get(q, ledger.Balance()).free) for q in ahead)
        busy = held.get(capacity.id, {})
        live[supply] = max((len(busy.get(q, ())) for q in ahead), default=0)
        limits[supply] = capacity.at_once
    return facts.World(
        quarters=tuple(str(q) for q in ahead),
        free=free,
        live=live,
        limits=limits,
        weights=programme.policy.weights or None,
    )


def needs_facts(needs: Sequence[Need], *, as_if_open: bool = False) -> list[facts.NeedFacts]:
    """Needs as the matcher sees them. `as_if_open`: asked by somebody who looks ahead."""
    near = _neighbours(need.receiver_id for need in needs)
    judged = _judged({need.receiver_id for need in needs})
    talks, declined = _talks([need.id for need in needs])
    covered = ledger.held_for_needs(need.id for need in needs)
    return [
        facts.NeedFacts(
            id=str(need.id),
            receiver=_authority(need.receiver, near[need.receiver_id]),
            programmes=(need.programme.code,),
            themes=tuple(_theme(row.theme) for row in need.themes),
            use=_situation(judged[need.receiver_id]),
            days=_days_left(need, covered[need.id]),
            starts=_starts(need),
            days_least=min(need.days_least, max(need.days_wanted - covered[need.id], 1)),
            is_open=as_if_open or need.state in (NeedState.OPEN, NeedState.PART_MATCHED),
            support_types=_codes(need, "support_type"),
            modes=_codes(need, "mode"),
            styles=_codes(need, "style"),
            levels=_codes(need, "level"),
            **_wishes(need),
            priority=need.priority.weight,
            delivery=facts.Delivery(need.delivery.value),
            declined=frozenset(declined[need.id]),
            conversations=talks[need.id],
        )
        for need in needs
    ]


def _judged(authority_ids: set[int]) -> dict[int, Authority]:
    """Authorities with their judgements, in one question."""
    wanted = select(Authority).where(Authority.id.in_(authority_ids))
    found = db.session.scalars(wanted.options(selectinload(Authority.judgements)))
    return {authority.id: authority for authority in found}


def _situation(receiver: Authority) -> str | None:
    """Where the receiver stands by its latest judgement: a Situation's value; None, not judged."""
    latest = receiver.latest_judgement
    if latest is None:
        return None
    grades = {*latest.area_grades.values(), *([latest.overall] if latest.overall else [])}
    lowest = max(grades, key=list(Grade).index, default=Grade.GOOD)
    return Situation.EARLY.value if lowest.is_good_or_better else lowest.value


def _wishes(need: Need) -> dict[str, Any]:
    """Provider keys that the receiver prefers, knows and does not want."""
    fields = {Wish.PREFERRED: "preferred", Wish.KNOWN: "knows"}
    said: dict[str, set[str]] = {"preferred": set(), "knows": set(), "avoids": set()}
    for row in need.partners:
        said[fields.get(row.wish, "avoids")].add(row.authority.code)
    return {name: frozenset(keys) for name, keys in said.items()}


def _days_left(need: Need, covered: int) -> tuple[int, ...]:
    """Quarter-days by quarter that are still wanted: earlier quarters are covered first."""
    days = []
    for _, wanted in sorted(days_by_quarter(need).items()):
        taken = min(wanted, covered)
        covered -= taken
        days.append(wanted - taken)
    while len(days) > 1 and days[0] == 0:
        days.pop(0)
    return tuple(days)


def _starts(need: Need) -> tuple[int, ...]:
    """Indexes of the quarter wanted and the one after it, from this quarter on."""
    first = max(need.first_quarter.ordinal - this_quarter().ordinal, 0)
    last = QUARTERS - need.quarters_wanted
    starts = tuple(n for n in range(first, first + LATER_STARTS + 1) if n <= last)
    return starts or (max(last, 0),)


def _talks(
    need_ids: list[int],
) -> tuple[dict[int, dict[str, facts.Conversation]], dict[int, set[str]]]:
    """For each need: what was said with each provider, and which providers it is over with."""
    said: dict[int, dict[str, facts.Conversation]] = defaultdict(dict)
    declined: dict[int, set[str]] = defaultdict(set)
    found = (
        select(m.Conversation)
        .where(m.Conversation.need_id.in_(need_ids))
        .options(selectinload(m.Conversation.provider))
    )
    for talk in db.session.scalars(found).unique():
        answers = {outcome.side: facts.Outcome(outcome.answer.value) for outcome in talk.outcomes}
        said[talk.need_id][talk.provider.code] = facts.Conversation(
            receiver=answers.get(m.Side.RECEIVER), provider=answers.get(m.Side.PROVIDER)
        )
        if talk.state is m.ConversationState.DECLINED or facts.Outcome.NO in answers.values():
            declined[talk.need_id].add(talk.provider.code)
    return said, declined


def offers_facts(offers: Sequence[Offer], programme: Programme) -> list[facts.OfferFacts]:
    """Offers as the matcher sees them under one of the programmes that they are open to."""
    helped = _helped_before()
    regions = {region.code: region.name for region in db.session.scalars(select(Region))}
    return [
        facts.OfferFacts(
            id=str(offer.id),
            version=str(offer.number),
            provider=_authority(offer.provider, None),
            programme=programme.code if offer.is_open_to(programme.id) else offer.programme.code,
            why_not_eligible=why_not_under(programme, offer, offer.current),
            is_published=offer.state is OfferState.PUBLISHED,
            journey=_journey(offer.provider),
            helped_before=helped[offer.provider_id],
            **_what_it_says(offer.current),
            **_whom_it_helps(offer.current, regions),
        )
        for offer in offers
    ]


def _what_it_says(version: OfferVersion) -> dict[str, Any]:
    delivery = version.delivery
    return {
        "title": version.title,
        "themes": tuple(
            facts.OfferedTheme(_theme(row.theme), facts.Evidence(row.evidence.value))
            for row in version.themes
        ),
        "days_least": version.days_least,
        "days_most": version.days_most,
        "commitment_months": version.commitment_months,
        "support_types": _codes(version, "support_type"),
        "modes": _codes(version, "mode"),
        "styles": _codes(version, "style"),
        "levels": _codes(version, "level"),
        "delivery": facts.Delivery(delivery.value) if delivery else None,
    }


def _whom_it_helps(version: OfferVersion, regions: dict[str, str]) -> dict[str, Any]:
    """Whom and when. Nothing said: anybody, at any time. Quarters as indexes from this one."""
    begins, ends = version.open_from, version.open_until
    return {
        "helps_uses": _uses(version.situations),
        "helps_regions": frozenset(regions[c] for c in version.helps_regions if c in regions)
        or None,
        "helps_types": frozenset(version.helps_types) or None,
        "first_quarter": _index(begins) if begins else None,
        "last_quarter": _index(ends) if ends else None,
    }


def _uses(situations: Sequence[Situation]) -> frozenset[str] | None:
    """As far as judgements tell: intervention follows 'inadequate', and 'requires improvement' is
    what most come to after it."""
    told_by = {
        Situation.INTERVENTION: Situation.INADEQUATE,
        Situation.POST_EXIT: Situation.REQUIRES_IMPROVEMENT,
    }
    uses = {*situations, *(told_by[one] for one in situations if one in told_by)}
    return frozenset(one.value for one in uses) or None


def _index(day: date) -> int:
    return Quarter.of(day).ordinal - this_quarter().ordinal


def _helped_before() -> Counter[int]:
    """How many partnerships each provider has given, here and by published pages."""
    here = select(Partnership.provider_id, func.count()).group_by(Partnership.provider_id)
    earlier = select(EarlierPartnership.provider_id, func.count()).group_by(
        EarlierPartnership.provider_id
    )
    counts: Counter[int] = Counter()
    for rows in (here, earlier):
        for provider_id, count in db.session.execute(rows):
            counts[provider_id] += count
    return counts


def _journey(provider: Authority) -> dict[str, tuple[facts.Grade, facts.Grade]] | None:
    """Per judgement area: the lowest earlier grade on record and the latest one."""
    order = list(facts.Grade)
    found = {}
    for area in Area:
        grades = [facts.Grade(g.value) for j in provider.judgements if (g := j.grade_for(area))]
        if len(grades) > 1:
            found[area.value] = (max(grades[1:], key=order.index), grades[0])
    return found or None


def _neighbours(authority_ids: Iterable[int]) -> dict[int, dict[str, facts.Neighbour]]:
    near: dict[int, dict[str, facts.Neighbour]] = defaultdict(dict)
    rows = select(Neighbour.authority_id, Neighbour.rank, Neighbour.closeness, Authority.code).join(
        Authority, Authority.id == Neighbour.neighbour_id
    )
    wanted = rows.where(Neighbour.authority_id.in_(set(authority_ids)))
    for authority_id, rank, closeness, code in db.session.execute(wanted):
        near[authority_id][code] = facts.Neighbour(rank, closeness)
    return near


def _authority(
    authority: Authority, neighbours: dict[str, facts.Neighbour] | None
) -> facts.AuthorityFacts:
    return facts.AuthorityFacts(
        key=authority.code,
        name=authority.name,
        region=authority.region.name,
        type=authority.type,
        population=authority.population_0_17,
        deprivation=authority.deprivation,
        rural_band=authority.rural_band,
        latitude=authority.latitude,
        longitude=authority.longitude,
        neighbours=neighbours,
    )


def _theme(theme: Theme) -> facts.Theme:
    parent = theme.parent.code if theme.parent else None
    return facts.Theme(theme.code, theme.name, parent, theme.area.value)


def _codes(thing: Any, kind: str) -> frozenset[str]:
    return frozenset(choice.code for choice in thing.chosen(kind))


def lines_json(explanation: Explanation) -> list[dict[str, Any]]:
    """An explanation as it is kept with a suggestion and a match."""
    return [
        {
            "criterion": line.criterion.name,
            "verdict": line.verdict.value,
            "points": line.points,
            "most": line.most,
            "words": line.words,
            "audience": sorted(line.criterion.audience),
        }
        for line in explanation.lines
    ]
