"""The programme manager's desk, freezing a quarter, and what a freeze holds."""

from __future__ import annotations

import io
from collections import Counter

from flask import Blueprint, abort, flash, g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from broker import clock, web
from broker.clock import Quarter
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.exports.columns import FROZEN_RETURNS
from broker.exports.download import as_csv
from broker.fields.typed import whole
from broker.models.person import Role
from broker.models.policy import PolicyVersion
from broker.models.programme import Programme
from broker.models.return_ import Freeze
from broker.packs.content import Pack, pack_now, pack_of
from broker.packs.writing import FORMATS, name_of, write_pack
from broker.programme import actions, policies, queries
from broker.programme.forms import NoteForm, PolicyForm, TryForm
from broker.returns.actions import freeze as freeze_quarter
from broker.returns.actions import note as write_note
from broker.returns.actions import remind as remind_providers
from broker.returns.freezing import freeze_of, preview
from broker.returns.quarters import quarter_numbered
from broker.returns.totals import rows_of, totals_of, versions_of
from broker.rounds import weighing
from broker.web import render

bp = Blueprint("programme", __name__)
Page = Response | str | tuple[str, int]


@bp.get("/programme")
@web.only(Role.PROGRAMME_MANAGER)
def index() -> str:
    return render("programme/index.html", desk=queries.desk_of(g.person))


def _programme_and_quarter(programme_id: int, ordinal: int) -> tuple[Programme, Quarter]:
    programme = web.find(queries.programmes_managed_by(g.person), programme_id)
    quarter = quarter_numbered(ordinal)
    if quarter is None:
        abort(404)
    return programme, quarter


@bp.get("/programme/<int:programme_id>/<int:quarter>")
@web.only(Role.PROGRAMME_MANAGER)
def quarter(programme_id: int, quarter: int) -> str:
    """Whose returns are due, being made, certified or overdue."""
    programme, named = _programme_and_quarter(programme_id, quarter)
    every = queries.quarter_of(programme, named)
    standing = request.args.get("standing", "")
    words = web.searched().casefold()
    return render(
        "programme/quarter.html",
        programme=programme,
        quarter=named,
        counts=Counter(row.standing for row in every),
        rows=[
            row
            for row in every
            if standing in ("", row.standing) and words in row.provider.name.casefold()
        ],
        waited_for=[row for row in every if row.is_waited_for],
        standings=queries.STANDINGS,
        freeze=freeze_of(programme.id, named),
        opens=clock.return_opens(named),
        due=clock.return_due(named),
    )


@bp.post("/programme/<int:programme_id>/<int:quarter>/remind")
@web.only(Role.PROGRAMME_MANAGER)
def remind(programme_id: int, quarter: int) -> Response:
    programme, named = _programme_and_quarter(programme_id, quarter)
    count = remind_providers(programme=programme, quarter=named, by=g.person)
    flash(f"Reminded {count} {'provider' if count == 1 else 'providers'}.", "success")
    return redirect(url_for(".quarter", programme_id=programme_id, quarter=quarter))


@bp.route(
    "/programme/<int:programme_id>/<int:quarter>/notes/<int:provider_id>", methods=["GET", "POST"]
)
@web.only(Role.PROGRAMME_MANAGER)
def note(programme_id: int, quarter: int, provider_id: int) -> Page:
    """What managers told each other about a provider's quarter, and one more."""
    programme, named = _programme_and_quarter(programme_id, quarter)
    row = next(
        (r for r in queries.quarter_of(programme, named) if r.provider.id == provider_id), None
    )
    if row is None:
        abort(404)
    form = NoteForm()
    return web.settle(
        form,
        "programme/note.html",
        lambda: write_note(
            programme=programme,
            provider_id=provider_id,
            quarter=named,
            words=form.words.data,
            by=g.person,
        ),
        said="The note is kept.",
        show=url_for(".quarter", programme_id=programme_id, quarter=quarter),
        programme=programme,
        quarter=named,
        row=row,
    )


@bp.get("/programme/<int:programme_id>/<int:quarter>/freeze")
@web.only(Role.PROGRAMME_MANAGER)
def freeze(programme_id: int, quarter: int) -> str:
    """Count and list of what would be frozen, before it is."""
    programme, named = _programme_and_quarter(programme_id, quarter)
    taken = preview(programme, named)
    if taken.why_not:
        raise NotPossible(taken.why_not)
    return render("programme/freeze.html", programme=programme, quarter=named, taken=taken)


@bp.post("/programme/<int:programme_id>/<int:quarter>/freeze")
@web.only(Role.PROGRAMME_MANAGER)
def do_freeze(programme_id: int, quarter: int) -> Response:
    programme, named = _programme_and_quarter(programme_id, quarter)
    frozen = freeze_quarter(programme=programme, quarter=named, by=g.person)
    flash(f"Frozen: {frozen.title}.", "success")
    return redirect(url_for(".frozen", id=frozen.id))


@bp.get("/programme/<int:programme_id>/<int:quarter>/pack.<ending>")
@web.only(Role.PROGRAMME_MANAGER)
def pack(programme_id: int, quarter: int, ending: str) -> Response:
    """The return pack as the records stand now."""
    programme, named = _programme_and_quarter(programme_id, quarter)
    if named > clock.this_quarter():
        raise NotPossible(f"{named} has not begun.")
    return _sent(pack_now(programme, named), ending)


def _sent(made: Pack, ending: str) -> Response:
    if ending not in FORMATS:
        abort(404)
    written = io.BytesIO()
    write_pack(made, ending, written)
    written.seek(0)
    return send_file(written, as_attachment=True, download_name=f"{name_of(made)}.{ending}")


def _find(freeze_id: int) -> Freeze:
    return web.find(queries.freezes_with_versions(g.person), freeze_id)


@bp.get("/programme/freezes/<int:id>")
@web.signed_in
def frozen(id: int) -> str:
    found = _find(id)
    return render(
        "programme/frozen.html",
        freeze=found,
        totals=totals_of(found),
        versions=versions_of(found),
        events=history_of(found),
    )


@bp.get("/programme/freezes/<int:id>/changes")
@web.signed_in
def changes(id: int) -> str:
    """What the records say of a frozen quarter now, beside what was frozen."""
    found = _find(id)
    return render(
        "programme/changes.html", freeze=found, since=queries.changes_since(found, g.person)
    )


@bp.get("/programme/freezes/<int:id>.csv")
@web.signed_in
def download(id: int) -> Response:
    actions.note_download(_find(id), by=g.person)
    found = _find(id)
    name = f"{found.programme.code}-{str(found.quarter).replace(' ', '-')}-returns"
    return as_csv(FROZEN_RETURNS, rows_of(found), name=name)


@bp.get("/programme/freezes/<int:id>/pack.<ending>")
@web.signed_in
def frozen_pack(id: int, ending: str) -> Response:
    """The return pack as it was frozen."""
    actions.note_download(_find(id), by=g.person)
    return _sent(pack_of(_find(id)), ending)


# -- weights and limits -----------------------------------------------------------------------


def _managed(programme_id: int) -> Programme:
    return web.find(queries.programmes_managed_by(g.person), programme_id)


def _version_to_go_back_to(programme: Programme) -> PolicyVersion | None:
    wanted = request.args.get("version", 0, type=whole)
    return next((one for one in policies.history(programme) if one.number == wanted), None)


def _policy_page(programme: Programme, form: PolicyForm, **context: object) -> str:
    context = {"seen": policies.number_of(programme), "shown": None, **context}
    return render(
        "programme/policy.html",
        form=form,
        programme=programme,
        codes=list(weighing.CODES),
        weights_under=weighing.weights_under,
        versions=policies.history(programme),
        round=weighing.last_round(programme.id),
        **context,
    )


@bp.get("/programme/<int:id>/policy")
@web.only(Role.PROGRAMME_MANAGER)
def policy(id: int) -> str:
    """What stands, to change; or an earlier version, to go back to by a new one."""
    programme = _managed(id)
    back = _version_to_go_back_to(programme)
    rules = policies.rules_under(back.policy if back else programme.policy)
    return _policy_page(programme, PolicyForm.of(rules), to_version=back)


def _seen() -> int:
    return request.form.get("seen", 0, type=whole)


@bp.post("/programme/<int:id>/policy/preview")
@web.only(Role.PROGRAMME_MANAGER)
def try_policy(id: int) -> Page:
    """What the weights typed would have made of the last round. Saves nothing."""
    programme, form = _managed(id), TryForm()
    if not form.validate_on_submit():
        return _policy_page(programme, form, seen=_seen()), 422
    try:
        policies.check(form.rules)
    except NotRight as error:
        web.put_right(form, error)
        return _policy_page(programme, form, seen=_seen()), 422
    round_ = weighing.last_round(programme.id)
    shown = weighing.preview(round_, form.weights) if round_ else None
    titles = queries.titles_of([one.need_id for one in shown.moved], g.person) if shown else {}
    return _policy_page(programme, form, seen=_seen(), shown=shown, titles=titles)


@bp.post("/programme/<int:id>/policy")
@web.only(Role.PROGRAMME_MANAGER)
def save_policy(id: int) -> Page:
    programme, form = _managed(id), PolicyForm()
    if not form.validate_on_submit():
        return _policy_page(programme, form, seen=_seen()), 422
    try:
        made = policies.save(
            programme, form.rules, seen=_seen(), reason=form.reason.data, by=g.person
        )
    except NotRight as error:
        web.put_right(form, error)
        return _policy_page(programme, form, seen=_seen()), 422
    except NotPossible as error:
        web.put_right(form, error)
        return _policy_page(_managed(id), form), 409
    flash(f"Saved as version {made.number}. Shortlists and rounds use it from now on.", "success")
    return redirect(url_for(".policy", id=id))
