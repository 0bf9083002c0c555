"""Published facts for administrators: the history of imports, looking at a file, applying it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import web
from broker.errors import NotPossible, NotRight
from broker.events import history_of
from broker.facts import actions, following, queries, succeeding
from broker.facts.forms import ImportForm, SucceedForm, WhoForm, succeed_form
from broker.models.authority import Authority
from broker.models.fact_import import Kind
from broker.models.person import Role
from broker.web import render

bp = Blueprint("facts", __name__)
Page = Response | str | tuple[str, int]
KINDS = {kind.value: kind for kind in Kind}


@bp.get("/facts")
@web.only(Role.ADMINISTRATOR)
def index() -> str:
    kind = KINDS.get(request.args.get("kind", ""))
    found = queries.listed(g.person, words=web.searched(), kind=kind)
    return render("facts/index.html", page=web.page_of(found), kinds=KINDS)


@bp.route("/facts/imports/new", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def new() -> Page:
    """Choose a file; once it can be read, the next page shows what it would do."""
    form = ImportForm()
    if form.validate_on_submit():
        try:
            made = actions.show(
                kind=KINDS[form.kind.data],
                file_name=form.file.file_name,
                content=form.file.data,
                by=g.person,
            )
        except NotRight as error:
            web.put_right(form, error)
        else:
            flash("Nothing is changed yet. This is what the file would do.", "success")
            return redirect(url_for(".show", id=made.id))
    return render("facts/new.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/facts/imports/<int:id>")
@web.only(Role.ADMINISTRATOR)
def show(id: int) -> str:
    made = web.find(queries.imports_visible_to(g.person), id)
    return render("facts/show.html", made=made, events=history_of(made))


@bp.post("/facts/imports/<int:id>/<verb:verb>")
@web.only(Role.ADMINISTRATOR)
def press(id: int, verb: str) -> Response:
    made = web.find(queries.imports_visible_to(g.person), id)
    return web.press(made, verb, actions.DEEDS, show=url_for(".show", id=id))


@bp.route("/facts/succession", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def succession() -> Page:
    """Who is followed by whom; the next page shows what goes over."""
    form = WhoForm()
    choices: list[tuple[str, ...]] = [(one.code, one.name) for one in following.standing()]
    for field in (form.old, form.first, form.second):
        field.choices = choices
    if form.validate_on_submit():
        if form.first.data or form.code.data:
            chosen = {"first": form.first.data, "second": form.second.data}
            return redirect(url_for(".succeed", code=form.old.data, new=form.code.data, **chosen))
        web.put_right(form, NotRight("Choose who follows it, or type its new code.", "first"))
    return render("facts/succession.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/facts/succession/<code>", methods=["GET", "POST"])
@web.only(Role.ADMINISTRATOR)
def succeed(code: str) -> Page:
    """What goes over, and to whom; done once the day and the reason are given."""
    old = following.authority_coded(code)
    if old.ended_on is not None:
        raise NotPossible(f"{old.name} is followed by others already.")
    successors = _successors()
    records = following.records_of(old)
    form = succeed_form(records, successors)
    return web.settle(
        form,
        "facts/succeed.html",
        lambda: _succeed(old, successors, form, records),
        said="Recorded. Every record tells in its history where it came from.",
        show=url_for(".index"),
        old=old,
        successors=successors,
        records=records,
        new_code=request.args.get("new", ""),
    )


def _successors() -> list[Authority]:
    codes = dict.fromkeys(request.args.get(name, "") for name in ("first", "second"))
    return [following.authority_coded(code) for code in codes if code]


def _succeed(
    old: Authority, successors: list[Authority], form: SucceedForm, records: following.Records
) -> None:
    if not successors:
        code = request.args.get("new", "")
        return succeeding.recode(old, code, reason=form.reason.data, by=g.person)
    share = form.share.data if len(successors) > 1 else succeeding.WHOLE
    parts = [share, succeeding.WHOLE - share][: len(successors)]
    by_code = {one.code: one for one in successors}
    keys = records.named() if len(successors) > 1 else ()
    follows = succeeding.Following(
        old=old,
        shares=dict(zip(successors, parts, strict=True)),
        on=form.on.data,
        reason=form.reason.data,
        chosen={key: by_code[form[key].data] for key in keys},
    )
    succeeding.succeed(follows, by=g.person)
    return None
