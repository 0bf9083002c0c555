"""What was agreed elsewhere: recorded singly or by spreadsheet, confirmed, noted."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import taking, web
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.events import history_of
from broker.exports.download import as_csv
from broker.fields.typed import whole
from broker.models.person import Role
from broker.models.recording import Recording, RecordingState
from broker.permissions import GIVING
from broker.recordings import actions, queries, sheet
from broker.recordings.empty import EMPTY_SHEET, EXAMPLE
from broker.recordings.forms import GivenForm, RecordForm, SheetForm
from broker.web import render

bp = Blueprint("recordings", __name__)
Page = Response | str | tuple[str, int]
LEADS = (*GIVING, Role.IMPROVEMENT_LEAD)
STATES = {state.value: state for state in RecordingState}


def _find(recording_id: int) -> Recording:
    return web.find(queries.recordings_visible_to(g.person), recording_id)


@bp.get("/agreed-elsewhere")
@web.only(*LEADS, Role.COORDINATOR)
def index() -> str:
    state = STATES.get(request.args.get("state", ""))
    words = web.searched()
    return render(
        "recordings/index.html",
        page=web.page_of(queries.listed(g.person, words=words, state=state)),
        states=STATES,
        state=state,
        words=words,
        drafts=queries.drafts_of(g.person),
        records=bool(queries.parts_of(g.person)),
    )


@bp.route("/agreed-elsewhere/new", methods=["GET", "POST"])
@web.only(*LEADS)
def new() -> Page:
    form = RecordForm.of(queries.parts_of(g.person))
    if form.validate_on_submit():
        try:
            made = actions.begin(form.agreed, form.side, by=g.person)
        except (NotRight, NotPossible, NotAllowed) as error:
            web.put_right(form, error if isinstance(error, NotRight) else NotRight(error.words))
        else:
            flash("Saved. Only your side sees it until you send it.", "success")
            return redirect(url_for(".show", id=made.id))
    return render("recordings/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/agreed-elsewhere/<int:id>")
@web.signed_in
def show(id: int) -> str:
    recording = _find(id)
    return render(
        "recordings/show.html",
        recording=recording,
        partnership=queries.partnership_of(recording),
        history=history_of(recording),
        open_verbs={row.verb for row in taking.verbs_open_to(g.person, recording)},
    )


@bp.route("/agreed-elsewhere/<int:id>/change", methods=["GET", "POST"])
@web.signed_in
def change(id: int) -> Page:
    recording = _find(id)
    web.asked(recording, "write")
    form = RecordForm.of(queries.parts_of(g.person), recording)
    del form.part, form.other
    return web.settle(
        form,
        "recordings/change.html",
        lambda: actions.write(recording, form.agreed_again(recording), by=g.person),
        said="Saved.",
        show=url_for(".show", id=id),
        recording=recording,
    )


@bp.route("/agreed-elsewhere/<int:id>/days", methods=["GET", "POST"])
@web.signed_in
def day(id: int) -> Page:
    """Add days that were given."""
    recording = _find(id)
    web.asked(recording, "write")
    form = GivenForm()
    return web.settle(
        form,
        "recordings/day.html",
        lambda: actions.add_day(recording, form.given, by=g.person),
        said="Added. Add the next, or go back.",
        show=url_for(".day", id=id),
        recording=recording,
    )


@bp.post("/agreed-elsewhere/<int:id>/days/<int:day_id>/remove")
@web.signed_in
def remove_day(id: int, day_id: int) -> Response:
    actions.remove_day(_find(id), day_id, by=g.person)
    flash("Taken out.", "success")
    return redirect(url_for(".show", id=id))


@bp.get("/agreed-elsewhere/empty-sheet.csv")
@web.only(*LEADS)
def empty_sheet() -> Response:
    return as_csv(EMPTY_SHEET, [EXAMPLE])


@bp.route("/agreed-elsewhere/sheet", methods=["GET", "POST"])
@web.only(*LEADS)
def upload() -> Page:
    """Read a spreadsheet: all of it becomes drafts to look at, or nothing does and each line that
    does not hold is named."""
    form, problems = SheetForm(), list[sheet.Problem]()
    if form.validate_on_submit():
        try:
            found, problems = sheet.read(form.file.data, queries.known_to(g.person))
            if not problems:
                made = actions.begin_all(found, by=g.person)
                flash(f"{len(made)} recorded. Look at them, then send them.", "success")
                return redirect(url_for(".index", state=RecordingState.BEING_WRITTEN.value))
            raise NotRight(f"{_lines(problems)} not hold, so nothing was recorded.", "file")
        except NotRight as error:
            web.put_right(form, error)
    page = render("recordings/upload.html", form=form, problems=problems, columns=sheet.COLUMNS)
    return page, 422 if form.is_submitted() else 200


def _lines(problems: list[sheet.Problem]) -> str:
    return "1 line does" if len(problems) == 1 else f"{len(problems)} lines do"


@bp.post("/agreed-elsewhere/send-all")
@web.only(*LEADS)
def send_all() -> Response:
    """Send those that the page listed; where one lacks days that is said, and none is sent."""
    listed = set(request.form.getlist("recording", type=whole))
    chosen = [one for one in queries.drafts_of(g.person) if one.id in listed]
    actions.send_all(chosen, by=g.person)
    flash(f"Sent: {len(chosen)}.", "success")
    return redirect(url_for(".index"))


@bp.post("/agreed-elsewhere/<int:id>/<verb:verb>")
@web.signed_in
def press(id: int, verb: str) -> Response:
    return web.press(_find(id), verb, actions.DEEDS, show=url_for(".show", id=id))
