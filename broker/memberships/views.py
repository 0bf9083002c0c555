"""People: who holds which role, invitations, and the end of a role."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from broker import links, taking, web
from broker.account_conditions import others_in
from broker.duties import Duty
from broker.errors import NotAllowed, NotRight
from broker.events import history_of
from broker.memberships import actions, inviting, queries
from broker.memberships.forms import AT_ONCE, EndForm, InviteForm, LastDayForm
from broker.memberships.inviting import Place, Post
from broker.models.invitation import Invitation
from broker.models.person import Membership, Role
from broker.web import render

bp = Blueprint("memberships", __name__, url_prefix="/people")
Page = Response | str | tuple[str, int]
ROLES = {role.value: role for role in Role if role is not Role.SYSTEM}
DEEDS = {"renew": inviting.renew, "withdraw": inviting.withdraw}
overseers = web.only(Role.DIRECTOR, Role.ADMINISTRATOR, duty=Duty.PEOPLE)


@bp.get("")
@overseers
def index() -> str:
    wanted = queries.Wanted(
        words=web.searched(),
        role=ROLES.get(request.args.get("role", "")),
        has_ended=request.args.get("held") == "ended",
    )
    found = queries.held(g.person, wanted)
    page = web.page_read(queries.count(found), lambda at, most: queries.some(found, at, most))
    return render(
        "memberships/index.html",
        page=page,
        wanted=wanted,
        roles=ROLES.values(),
        second_step=queries.with_second_step(page.items),
        waiting=len(queries.invited(g.person)),
        may_invite=bool(queries.roles_to_give(g.person)),
    )


# -- invitations ------------------------------------------------------------------------------


@bp.route("/invite", methods=["GET", "POST"])
@overseers
def invite() -> Page:
    roles, places = queries.roles_to_give(g.person), queries.places_to_give(g.person)
    if not roles:
        raise NotAllowed("To invite somebody, you need to be a director or an administrator.")
    form = InviteForm(**{name: request.args.get(name) for name in ("role", "place")})
    form.role.choices = [("", "Choose one"), *((role.value, role.words) for role in roles)]
    form.place.choices = [(word, place.name) for word, place in places.items()]
    if g.person.holding(Role.ADMINISTRATOR):
        form.place.choices.insert(0, ("", "All England"))
    elif len(places) == 1:
        del form.place
    return web.settle(
        form,
        "memberships/invite.html",
        lambda: _invite(form, places),
        said="The invitation is on its way. The link in it works once, for seven days.",
        show=url_for(".invitations"),
        only_place=next(iter(places.values())) if "place" not in form else None,
    )


def _invite(form: InviteForm, places: dict[str, Place]) -> None:
    word = form.place.data if "place" in form else next(iter(places))
    inviting.invite(
        Post(Role(form.role.data), places.get(word)),
        name=form.name.data,
        email=form.email.data,
        ends_on=form.ends_on.data,
        by=g.person,
    )


@bp.get("/invitations")
@overseers
def invitations() -> str:
    return render("memberships/invitations.html", page=web.page_of(queries.invited(g.person)))


@bp.get("/invitations/<int:id>")
@overseers
def invitation(id: int) -> str:
    one = _invitation(id)
    link = links.latest(one) if current_app.config["DEMONSTRATION"] else None
    return render(
        "memberships/invitation.html",
        invitation=one,
        history=history_of(one),
        verbs=web.verbs_for(one, ".press"),
        demonstration_link=links.path_of(link) if link else "",
    )


@bp.post("/invitations/<int:id>/<verb:verb>")
@overseers
def press(id: int, verb: str) -> Response:
    return web.press(_invitation(id), verb, DEEDS, show=url_for(".invitation", id=id))


# -- one role ---------------------------------------------------------------------------------


@bp.get("/roles/<int:id>")
@overseers
def show(id: int) -> str:
    one = _find(id)
    return render(
        "memberships/show.html",
        one=one,
        kept=queries.kept_of(one),
        waits=queries.waits(one),
        follow=queries.who_follows(one),
        second_step=queries.with_second_step([one]),
        sees_the_door=bool(g.person.holding(Role.ADMINISTRATOR)),
        open_verbs=_open_verbs(one),
    )


def _open_verbs(one: Membership) -> set[str]:
    """What may be done about a role just now, by whoever looks."""
    rows = [taking.row_for(one, verb) for verb in ("end", "change_end", "give_back")]
    return {
        row.verb
        for row in rows
        if taking.membership_for(row, g.person, one) and not taking.why_not(one, row)
    }


@bp.route("/roles/<int:id>/end", methods=["GET", "POST"])
@overseers
def end(id: int) -> Page:
    one = _find(id)
    web.asked(one, "end")
    form = EndForm()
    is_last = one.role is Role.DIRECTOR and not others_in(one)
    if not is_last:
        del form.is_sure
    return web.settle(
        form,
        "memberships/end.html",
        lambda: _end(one, form),
        said="Written down, and they are told.",
        show=url_for(".show", id=id),
        one=one,
        waits=queries.waits(one),
        follow=queries.who_follows(one),
    )


def _end(one: Membership, form: EndForm) -> None:
    is_now = form.when.data == AT_ONCE
    if not is_now and form.last_day.data is None:
        raise NotRight("Fill in the last day.", "last_day")
    actions.end(
        one,
        last_day=None if is_now else form.last_day.data,
        reason=form.reason.data,
        is_sure="is_sure" in form and form.is_sure.data,
        by=g.person,
    )


@bp.route("/roles/<int:id>/last-day", methods=["GET", "POST"])
@overseers
def change_end(id: int) -> Page:
    one = _find(id)
    web.asked(one, "change_end")
    form = LastDayForm(last_day=one.ends_on)
    return web.settle(
        form,
        "memberships/change_end.html",
        lambda: actions.change_end(one, last_day=form.last_day.data, by=g.person),
        said="The last day is changed, and they are told.",
        show=url_for(".show", id=id),
        one=one,
    )


@bp.post("/roles/<int:id>/give-back")
@overseers
def give_back(id: int) -> Response:
    actions.give_back(_find(id), by=g.person)
    flash("They hold the role again, and are told.", "success")
    return redirect(url_for(".show", id=id))


def _find(id: int) -> Membership:
    return web.find(queries.memberships_visible_to(g.person), id)


def _invitation(id: int) -> Invitation:
    return web.find(queries.invitations_visible_to(g.person), id)
