"""What may be done with people: invitations, roles, and how somebody signs in."""

from __future__ import annotations

from broker import account_conditions as when
from broker import people, proof
from broker import permissions as who
from broker.models.invitation import InvitationState as V
from broker.verbs.row import OPTIONAL, REQUIRED, Row

GIVES = (who.administrator, who.the_clock, who.director_for_this_role)
WEIGHS = proof.if_the_role_is_privileged

# fmt: off
ROWS: tuple[Row, ...] = (
    # An invitation to a role, by a link that works once
    Row("invitation", "invite", (), V.INVITED, GIVES, "Invite somebody", "invited", tells=(people.whom_it_invites,),
        weighs=WEIGHS, is_pressed=False),
    Row("invitation", "renew", (V.INVITED,), V.INVITED, GIVES, "Send a new link", "sent a new link", tells=(people.whom_it_invites,),
        weighs=WEIGHS),
    Row("invitation", "withdraw", (V.INVITED,), V.WITHDRAWN, GIVES, "Withdraw", "withdrawn", is_warning=True),
    Row("invitation", "accept", (V.INVITED,), V.ACCEPTED, (who.whom_it_invites,), "Accept", "accepted",
        when=(when.the_invitation_is_good,), tells=(people.who_invited,), is_pressed=False),
    # A role of one's own
    Row("membership", "end", (), None, GIVES, "End this role", "set the end of the role",
        when=(when.the_role_has_not_ended, when.another_administrator_stays), reason=OPTIONAL, weighs=WEIGHS,
        tells=(people.whose_role_it_is,), is_pressed=False, is_warning=True),
    Row("membership", "change_end", (), None, GIVES, "Change the last day", "changed the last day",
        when=(when.the_role_has_not_ended, when.a_last_day_is_set), weighs=WEIGHS, tells=(people.whose_role_it_is,),
        is_pressed=False),
    Row("membership", "give_back", (), None, GIVES, "Give the role back", "gave the role back",
        when=(when.the_role_ended_lately,), weighs=WEIGHS, tells=(people.whose_role_it_is,), is_pressed=False),
    Row("membership", "run_out", (), None, (who.the_clock,), "Let the role come to its end", "came to its last day",
        when=(when.its_last_day_is_past,), tells=(people.whose_role_it_is, people.directors_there), is_pressed=False),
    # How somebody signs in
    Row("person", "change_password", (), None, (who.oneself,), "Change your password", "changed the password", is_pressed=False),
    Row("person", "choose_password", (), None, (who.oneself,), "Choose a password", "chose a password",
        weighs=proof.always, is_pressed=False),
    Row("person", "send_link", (), None, (who.the_clock,), "Send a link for a new password", "asked for a link for a new password",
        tells=(people.themselves,), is_pressed=False),
    Row("person", "reset_password", (), None, (who.oneself,), "Choose a new password", "chose a new password by a link",
        tells=(people.themselves,), is_pressed=False),
    Row("person", "set_second_step", (), None, (who.oneself,), "Set up your second step", "set up the second step",
        weighs=proof.always, is_pressed=False),
    Row("person", "remove_second_step", (), None, (who.oneself,), "Do without a second step", "gave up the second step",
        when=(when.a_second_step_is_set_up, when.no_role_needs_a_second_step), weighs=proof.always, is_warning=True, is_pressed=False),
    Row("person", "renew_recovery_codes", (), None, (who.oneself,), "Make new recovery codes", "made new recovery codes",
        when=(when.a_second_step_is_set_up,), weighs=proof.always, is_pressed=False),
    Row("person", "connect_council_account", (), None, (who.oneself,), "Connect your council's account", "connected the council's account",
        weighs=proof.always, tells=(people.themselves,), is_pressed=False),
    Row("person", "disconnect_council_account", (), None, (who.oneself,), "Disconnect it", "disconnected the council's account",
        when=(when.a_council_account_is_connected,), weighs=proof.always, is_warning=True, is_pressed=False),
    # Somebody else's, when a phone is lost or a browser is not theirs
    Row("person", "reset_second_step", (), None, (who.administrator, who.the_clock), "Reset the second step", "reset the second step",
        when=(when.a_second_step_is_set_up,), reason=REQUIRED, weighs=proof.always, tells=(people.themselves,), is_warning=True),
    Row("person", "end_sessions", (), None, (who.administrator, who.the_clock), "End every session", "ended every session",
        weighs=proof.always, tells=(people.themselves,), is_warning=True),
    Row("person", "disconnect_council_accounts", (), None, (who.administrator, who.the_clock), "Disconnect the council's account",
        "disconnected the council's account for them", when=(when.a_council_account_is_connected,), reason=OPTIONAL,
        weighs=proof.always, tells=(people.themselves,), is_warning=True),
)
# fmt: on
