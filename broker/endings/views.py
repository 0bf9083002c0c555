"""The end of a partnership: checklist, strands, tests, reasons, report, looks back."""

from __future__ import annotations

from flask import Blueprint, abort, g, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.closing_conditions import ending_of
from broker.endings import actions, queries
from broker.endings.forms import (
    HandoverForm,
    LookBackForm,
    ReadForm,
    ReportForm,
    TestsForm,
    WhyForm,
)
from broker.models.ending import EarlyReason
from broker.models.match import Side
from broker.models.partnership import Partnership
from broker.partnerships.queries import partnerships_visible_to, sides_of
from broker.web import render

bp = Blueprint("endings", __name__)
Page = Response | str | tuple[str, int]
VERBS = ("hand_over", "record_tests", "say_why", "write_report", "read_report", "look_back")


def _find(partnership_id: int) -> Partnership:
    return web.find(partnerships_visible_to(g.person), partnership_id)


@bp.get("/partnerships/<int:id>/ending")
@web.signed_in
def show(id: int) -> str:
    """How it ends or ended: what is still needed, what was said, what holds."""
    partnership = _find(id)
    taper = queries.taper_of(partnership)
    return render(
        "endings/show.html",
        partnership=partnership,
        plan=queries.strands_of(partnership),
        handed=queries.handed_over(partnership),
        checks=queries.checklist(partnership),
        ending=ending_of(partnership),
        taper=taper,
        taper_words=queries.taper_words(taper),
        said=queries.said_early(g.person, partnership),
        report=queries.report_for(g.person, partnership),
        is_receiver=Side.RECEIVER in sides_of(g.person, partnership),
        may={verb: queries.may_now(g.person, partnership, verb) for verb in VERBS},
    )


@bp.route("/partnerships/<int:id>/ending/strands/<int:key>", methods=["GET", "POST"])
@web.signed_in
def hand_over(id: int, key: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "hand_over")
    plan = queries.strands_of(partnership)
    strands = {one.key: one for one in plan.objectives} if plan else {}
    strand = strands.get(key) or abort(404)
    given = queries.handed_over(partnership).get(key)
    form = HandoverForm(
        to_whom=given.to_whom if given else strand.handover_to, note=given.note if given else ""
    )
    return web.settle(
        form,
        "endings/hand_over.html",
        lambda: actions.hand_over(
            partnership, strand, to_whom=form.to_whom.data, note=form.note.data, by=g.person
        ),
        said="Handed over.",
        show=url_for(".show", id=id),
        partnership=partnership,
        strand=strand,
    )


@bp.route("/partnerships/<int:id>/ending/tests", methods=["GET", "POST"])
@web.signed_in
def tests(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "record_tests")
    form = TestsForm.of(ending_of(partnership))
    return web.settle(
        form,
        "endings/tests.html",
        lambda: actions.record_tests(partnership, form.tests, by=g.person),
        said="Recorded. Both sides can read it.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )


@bp.route("/partnerships/<int:id>/ending/why", methods=["GET", "POST"])
@web.signed_in
def why(id: int) -> Page:
    """One side's reasons for an early end, apart from the other's."""
    partnership = _find(id)
    web.asked(partnership, "say_why")
    form = WhyForm()
    return web.settle(
        form,
        "endings/why.html",
        lambda: actions.say_why(
            partnership, EarlyReason(form.code.data), words=form.words.data, by=g.person
        ),
        said="Kept for your side and the coordinator.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )


@bp.route("/partnerships/<int:id>/ending/report", methods=["GET", "POST"])
@web.signed_in
def report(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "write_report")
    taper = queries.taper_words(queries.taper_of(partnership))
    form = ReportForm.of(partnership.closing_report, taper)
    return web.settle(
        form,
        "endings/report.html",
        lambda: actions.write_report(partnership, form.report, by=g.person),
        said="Kept. The receiving authority reads it before it goes out.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )


@bp.route("/partnerships/<int:id>/ending/report/read", methods=["GET", "POST"])
@web.signed_in
def read(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "read_report")
    form = ReadForm()
    return web.settle(
        form,
        "endings/read.html",
        lambda: actions.read_report(partnership, comment=form.comment.data, by=g.person),
        said="Recorded that you have read it.",
        show=url_for(".show", id=id),
        partnership=partnership,
        report=partnership.closing_report,
    )


@bp.route("/partnerships/<int:id>/ending/look-back", methods=["GET", "POST"])
@web.signed_in
def look_back(id: int) -> Page:
    partnership = _find(id)
    web.asked(partnership, "look_back")
    form = LookBackForm.of(partnership.held_after(partnership.follow_up_due))
    return web.settle(
        form,
        "endings/look_back.html",
        lambda: actions.look_back(partnership, form.answer, words=form.words.data, by=g.person),
        said="Thank you. Both sides can read it.",
        show=url_for(".show", id=id),
        partnership=partnership,
    )
