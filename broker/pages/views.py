"""Pages for anybody: what this is and how it works."""

from __future__ import annotations

from flask import Blueprint, request

from broker import clock
from broker.api.resources import RESOURCES, USUAL
from broker.authorities.queries import by_code, listed
from broker.interventions.queries import standing_of
from broker.offers.queries import open_programmes
from broker.pace import PROGRAMS
from broker.pages import rules
from broker.printed import matching_words
from broker.prospectus.words import plain
from broker.retention import RETENTION
from broker.rounds.weighing import weights_under
from broker.web import render

bp = Blueprint("pages", __name__)


@bp.get("/")
def home() -> str:
    return render("pages/home.html")


@bp.get("/how-it-works")
def how_it_works() -> str:
    return render("pages/how_it_works.html", rules=_rules(), clock_rules=rules.clock_rules())


def _rules() -> list[tuple[str, list[rules.Rule]]]:
    """Every open programme's name, and its rules."""
    return [(one.name, rules.rules_of(one)) for one in open_programmes()]


@bp.get("/how-to-ask")
def how_to_ask() -> str:
    return render("pages/how_to_ask.html", rules=_rules(), clock_rules=rules.clock_rules())


@bp.get("/who-can-use-this")
def who_can_use() -> str:
    programmes = open_programmes()
    authority = by_code(plain(request.args.get("authority", "")))
    asked = request.args.get("programme", "")
    programme = next((one for one in programmes if one.code == asked), None)
    case = None
    if authority and programme:
        case = rules.own_case(authority, programme, standing_of(authority), clock.today())
    return render(
        "pages/who_can_use.html",
        places=[
            one.authority for one in listed(words="", region="") if one.authority.ended_on is None
        ],
        programmes=programmes,
        authority=authority,
        programme=programme,
        case=case,
        has_asked=bool(request.args),
    )


@bp.get("/how-matching-decides")
def how_matching_decides() -> str:
    return render(
        "pages/how_matching_decides.html",
        programmes=[(one.name, weights_under(one.policy)) for one in open_programmes()],
        **matching_words(),
    )


@bp.get("/for-data-teams")
def data_teams() -> str:
    return render("pages/data_teams.html", resources=RESOURCES, usual=USUAL, a_minute=PROGRAMS.most)


@bp.get("/accessibility")
def accessibility() -> str:
    return render("pages/accessibility.html")


@bp.get("/privacy")
def privacy() -> str:
    return render("pages/privacy.html", kept=RETENTION)


@bp.get("/sources")
def sources() -> str:
    return render("pages/sources.html")
