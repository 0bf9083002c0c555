"""What somebody may do with their own ways of signing in, and administrators with those of others."""

from __future__ import annotations

from broker import account_conditions as when
from broker import people, proof
from broker import permissions as who
from broker.verbs.row import REQUIRED, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("person", "change_password", (), None, (who.oneself,), "Change your password", "changed the password", is_pressed=False),
    Row("person", "choose_password", (), None, (who.oneself,), "Choose a password", "chose a password",
        weighs=proof.always, is_pressed=False),
    Row("person", "set_second_step", (), None, (who.oneself,), "Set up your second step", "set up the second step",
        weighs=proof.always, is_pressed=False),
    Row("person", "remove_second_step", (), None, (who.oneself,), "Do without a second step", "gave up the second step",
        when=(when.a_second_step_is_set_up, when.no_role_needs_a_second_step), weighs=proof.always, is_warning=True, is_pressed=False),
    Row("person", "renew_recovery_codes", (), None, (who.oneself,), "Make new recovery codes", "made new recovery codes",
        when=(when.a_second_step_is_set_up,), weighs=proof.always, is_pressed=False),
    # Somebody else's, when a phone is lost or a browser is not theirs
    Row("person", "reset_second_step", (), None, (who.administrator, who.the_clock), "Reset the second step", "reset the second step",
        when=(when.a_second_step_is_set_up,), reason=REQUIRED, weighs=proof.always, tells=(people.themselves,), is_warning=True),
    Row("person", "end_sessions", (), None, (who.administrator, who.the_clock), "End every session", "ended every session",
        weighs=proof.always, tells=(people.themselves,), is_warning=True),
)
# fmt: on
