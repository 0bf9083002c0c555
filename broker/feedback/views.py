"""Feedback: what both sides say of a partnership, what is due, and how much of it is there."""

from __future__ import annotations

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.exports.download import as_csv
from broker.exports.looking_back import FEEDBACK_DUE
from broker.feedback import actions, queries
from broker.feedback.coverage import coverage_in
from broker.feedback.due import Due, Voice, dues_of
from broker.feedback.forms import FeedbackForm, LearnedForm
from broker.models.partnership import Moment, Partnership
from broker.models.person import Role
from broker.partnerships.queries import partnerships_visible_to, sides_of, speaks_of
from broker.pulse.queries import pulses_of, statements_said
from broker.web import render

bp = Blueprint("feedback", __name__)
Page = Response | str | tuple[str, int]
VOICES = {voice.value: voice.words for voice in Voice}
MOMENTS = {moment.value: moment.words.capitalize() for moment in Moment}
STANDS = {"open": "To be said", "late": "Late", "said": "Said", "missed": "Not said in time"}
READERS = (Role.DIRECTOR, Role.IMPROVEMENT_LEAD, Role.PARTNERSHIP_LEAD, Role.COORDINATOR)
WHO_READS = (*READERS, Role.PROGRAMME_MANAGER, Role.DFE_LEAD)


def _find(partnership_id: int) -> Partnership:
    return web.find(partnerships_visible_to(g.person), partnership_id)


@bp.get("/partnerships/<int:id>/how-it-went")
@web.signed_in
def show(id: int) -> str:
    """What both sides and their staff said, and what is asked now."""
    partnership = _find(id)
    pulses = pulses_of(partnership, g.person)
    return render(
        "feedback/show.html",
        partnership=partnership,
        is_party=bool(sides_of(g.person, partnership)),
        said=queries.shared_with(g.person, partnership),
        dues=dues_of([partnership]),
        pulses=[(pulse, statements_said(pulse)) for pulse in pulses],
        links=queries.links_for(g.person, partnership),
    )


@bp.route("/partnerships/<int:id>/feedback", methods=["GET", "POST"])
@web.signed_in
def answer(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, queries.verb_of(partnership))
    form = FeedbackForm.of(partnership)
    return web.settle(
        form,
        "feedback/answer.html",
        lambda: actions.answer(partnership, form.answers, by=g.person),
        said="Thank you. Both sides can read it now.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )


@bp.route("/partnerships/<int:id>/learned", methods=["GET", "POST"])
@web.signed_in
def learned(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, queries.learning_verb_of(partnership))
    form = LearnedForm.of(partnership.learned_now)
    return web.settle(
        form,
        "feedback/learned.html",
        lambda: actions.say_what_was_learned(partnership, form.answers, by=g.person),
        said="Thank you. Both sides can read it now.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )


@bp.get("/feedback")
@web.only(*WHO_READS)
def index() -> str:
    """What is due in the partnerships that a person may see, and the figures of coverage."""
    partnerships = queries.partnerships_to_ask(g.person)
    dues = dues_of(partnerships)
    return render(
        "feedback/index.html",
        page=web.page_of(_filtered(dues)),
        coverage=coverage_in(partnerships, dues),
        voices=VOICES,
        moments=MOMENTS,
        stands=STANDS,
    )


@bp.get("/feedback.csv")
@web.only(*WHO_READS)
def download() -> Response:
    return as_csv(FEEDBACK_DUE, _filtered(dues_of(queries.partnerships_to_ask(g.person))))


def _filtered(dues: list[Due]) -> list[Due]:
    """As the address asks for; without asking, what is still to be said. Soonest due first."""
    stands = request.args.get("stands") or "open"
    chosen = [
        due
        for due in dues
        if _stands(due, stands)
        and request.args.get("voice", "") in ("", due.voice.value)
        and request.args.get("moment", "") in ("", due.moment.value)
        and speaks_of(due.partnership, web.searched())
    ]
    return sorted(chosen, key=lambda due: (due.due_on, due.partnership.id, due.voice.value))


def _stands(due: Due, asked_for: str) -> bool:
    return {
        "open": due.is_open,
        "late": due.is_late,
        "said": due.answered_at is not None,
        "missed": due.answered_at is None and not due.is_open,
    }.get(asked_for, True)
