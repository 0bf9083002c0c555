"""Support days: all of them, those of one partnership, logging, confirming, downloads."""

from __future__ import annotations

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from broker import clock, web
from broker.clock import Quarter
from broker.day_imports.queries import imports_of
from broker.errors import NotPossible, NotRight
from broker.exports.columns import SUPPORT_DAYS
from broker.exports.download import as_csv, as_workbook
from broker.extras.queries import extras_of
from broker.extras.rooms import room_of
from broker.fields.typed import whole
from broker.models.partnership import Partnership, SupportDay, SupportDayState
from broker.partnerships.queries import can_move, partnerships_visible_to, plan_of, sides_of
from broker.returns.quarters import quarter_numbered
from broker.support_days import actions, queries
from broker.support_days.doubts import over_delivered
from broker.support_days.forms import ConfirmForm, LogForm, SeveralForm, WhatForm
from broker.support_days.queries import Standing, Wanted
from broker.web import render

bp = Blueprint("support_days", __name__)
Page = Response | str | tuple[str, int]
DEEDS = {"void": actions.void}
STANDINGS = {standing.value: standing for standing in Standing}
CONFIRMED_AT_ONCE = 100


def _find(partnership_id: int) -> Partnership:
    return web.find(partnerships_visible_to(g.person), partnership_id)


def _wanted(partnership: Partnership | None = None) -> Wanted:
    """What the address asks for; a quarter stands in it as its ordinal."""
    return Wanted(
        partnership_id=partnership.id if partnership else None,
        quarter=quarter_numbered(request.args.get("quarter", type=whole)),
        standing=STANDINGS.get(request.args.get("standing", "")),
        words=web.searched(),
    )


@bp.get("/days")
@web.signed_in
def index() -> str:
    """Every day that the person may see."""
    wanted = _wanted()
    days = queries.days_wanted(g.person, wanted)
    total, quarter_days = queries.count(days)
    return render(
        "support_days/index.html",
        page=web.page_read(total, lambda at, most: queries.some(days, at, most)),
        quarter_days=quarter_days,
        wanted=wanted,
        standings=STANDINGS,
        quarters=queries.quarters_with_days(g.person),
        is_overdue=queries.is_overdue,
    )


@bp.get("/days.<any(csv, xlsx):ending>")
@web.signed_in
def download(ending: str) -> Response:
    return _as_file(ending, _wanted(), "support-days")


def _as_file(ending: str, wanted: Wanted, name: str) -> Response:
    days = queries.each(queries.days_wanted(g.person, wanted))
    make = {"csv": as_csv, "xlsx": as_workbook}[ending]
    return make(SUPPORT_DAYS, days, name=name)


@bp.get("/partnerships/<int:id>/days")
@web.signed_in
def of_one(id: int) -> str:
    """Days by quarter, extra days, and the log of one partnership."""
    partnership = _find(id)
    wanted = _wanted(partnership)
    days = queries.days_wanted(g.person, wanted)
    page = web.page_read(queries.count(days)[0], lambda at, most: queries.some(days, at, most))
    is_party = bool(sides_of(g.person, partnership))
    return render(
        "support_days/of_one.html",
        partnership=partnership,
        plan=plan_of(partnership),
        room=room_of(partnership),
        page=page,
        wanted=wanted,
        standings=STANDINGS,
        is_party=is_party,
        words=queries.words_about(page.items) if is_party else {},
        is_overdue=queries.is_overdue,
        overdue=queries.overdue_in(partnership),
        waiting=queries.waiting_for(g.person, partnership),
        extras=extras_of(partnership),
        imports=imports_of(g.person, partnership),
        can_log=queries.can_log(g.person, partnership),
        can_move=can_move(g.person, partnership),
    )


@bp.get("/partnerships/<int:id>/days.<any(csv, xlsx):ending>")
@web.signed_in
def download_of_one(id: int, ending: str) -> Response:
    partnership = _find(id)
    return _as_file(ending, _wanted(partnership), f"partnership-{partnership.id}-days")


def _may_log(partnership: Partnership) -> None:
    web.asked(SupportDay(partnership=partnership, given_on=clock.today()), "log")


@bp.route("/partnerships/<int:id>/log", methods=["GET", "POST"])
@web.signed_in
def log(id: int) -> Page:
    partnership = _find(id)
    _may_log(partnership)
    last = queries.last_logged(partnership, g.person)
    kinds, room = queries.support_types(), room_of(partnership)
    form: LogForm = LogForm.after(last, partnership, kinds, room)
    return web.settle(
        form,
        "support_days/log.html",
        lambda: _log(partnership, form),
        said=lambda: _what_came(form),
        show=url_for(".of_one", id=id),
        partnership=partnership,
        room=room,
    )


def _log(partnership: Partnership, form: LogForm) -> None:
    entry, by = form.entry, g.person
    form.keep(
        partnership,
        [entry],
        actions.side_of(partnership, by=by),
        lambda is_another: [actions.log(partnership, entry, is_another=is_another, by=by)],
    )


def _what_came(form: WhatForm) -> str:
    """What was logged, and which of it the other side had logged already."""
    same = [day for day in form.logged if day.state is SupportDayState.CONFIRMED]
    fresh = len(form.logged) - len(same)
    said = ["Logged. The other side confirms it." if fresh == 1 else ""]
    if fresh > 1:
        said = [f"All {fresh} are logged. The other side confirms them."]
    said += [
        f"{day.logged_by.name} had logged this already: {day.title}. It counts once, and yours "
        f"confirms it. If there were two visits, log the other one too."
        for day in same
    ]
    quarters = [Quarter.of(day.given_on) for day in form.logged]
    return " ".join([*said, *over_delivered(form.logged[0].partnership, quarters)]).strip()


@bp.route("/partnerships/<int:id>/log-several", methods=["GET", "POST"])
@web.signed_in
def log_several(id: int) -> Page:
    """Several dates at once. How many lines there are stands in the address."""
    partnership = _find(id)
    _may_log(partnership)
    last = queries.last_logged(partnership, g.person)
    kinds, room = queries.support_types(), room_of(partnership)
    lines = request.args.get("lines", 5, type=whole)
    form: SeveralForm = SeveralForm.of(lines).after(last, partnership, kinds, room)
    return web.settle(
        form,
        "support_days/log_several.html",
        lambda: _log_several(partnership, form),
        said=lambda: _what_came(form),
        show=url_for(".of_one", id=id),
        partnership=partnership,
        room=room,
    )


def _log_several(partnership: Partnership, form: SeveralForm) -> None:
    entries, by = form.entries, g.person
    try:
        form.keep(
            partnership,
            entries,
            actions.side_of(partnership, by=by),
            lambda is_another: actions.log_several(
                partnership, entries, is_another=is_another, by=by
            ),
        )
    except (NotRight, NotPossible) as wrong:
        raise form.at_line(wrong) from None


@bp.route("/partnerships/<int:id>/days/confirm", methods=["GET", "POST"])
@web.signed_in
def confirm(id: int) -> Page:
    """The days that wait on this person, to confirm in one press."""
    partnership = _find(id)
    actions.side_of(partnership, by=g.person)
    waiting = queries.waiting_for(g.person, partnership)
    shown = {str(day.id): day for day in waiting[:CONFIRMED_AT_ONCE]}
    form = ConfirmForm.of(list(shown.values()))
    return web.settle(
        form,
        "support_days/confirm.html",
        lambda: actions.confirm_all([shown[one] for one in form.days.data], by=g.person),
        said="Confirmed.",
        show=url_for(".of_one", id=id),
        partnership=partnership,
        waiting=waiting,
        shown=len(shown),
    )


@bp.post("/days/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    day = web.find(queries.days_visible_to(g.person), id)
    show = url_for(".of_one", id=day.partnership_id, _anchor="days")
    return web.press(day, verb, DEEDS, show=show)
