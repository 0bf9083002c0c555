"""What may be done with support days, extra days and spreadsheets of days."""

from __future__ import annotations

from broker import conditions as when
from broker import extra_conditions as extra
from broker import people
from broker import permissions as who
from broker.models.day_import import DayImportState as B
from broker.models.extra import ExtraState as E
from broker.models.partnership import SupportDayState as D
from broker.verbs import effects
from broker.verbs.row import GIVERS, RECEIVERS, REQUIRED, Row

LOGGERS = (*GIVERS, who.practitioner_of_the_provider, *RECEIVERS)
LOGGABLE = (when.partnership_is_live, when.day_is_not_ahead)

# fmt: off
ROWS: tuple[Row, ...] = (
    # Support day
    Row("support_day", "log", (), D.LOGGED, LOGGERS, "Log days", "logged", when=LOGGABLE, effect=effects.deliver,
        tells=(people.side_to_confirm,), is_pressed=False),
    Row("support_day", "bring_in", (), D.LOGGED, LOGGERS, "Bring in days", "logged from a spreadsheet", when=LOGGABLE,
        effect=effects.deliver, is_pressed=False),
    Row("support_day", "log_too", (D.LOGGED,), D.CONFIRMED, (who.side_that_did_not_log,), "Log the same day",
        "logged by the other side too: it counts once", tells=(people.side_to_answer, people.side_to_confirm), is_pressed=False),
    Row("support_day", "confirm", (D.LOGGED, D.QUERIED), D.CONFIRMED, (who.side_that_did_not_log,), "Confirm",
        "confirmed", awaited=10),
    Row("support_day", "query", (D.LOGGED,), D.QUERIED, (who.side_that_did_not_log,), "Query", "queried",
        reason=REQUIRED, tells=(people.side_to_answer,)),
    Row("support_day", "answer", (D.QUERIED,), D.LOGGED, (who.side_that_logged,), "Answer", "answered",
        reason=REQUIRED, tells=(people.side_to_confirm,), awaited=10),
    Row("support_day", "void", (D.LOGGED, D.CONFIRMED, D.QUERIED), D.VOID, (who.side_that_logged,), "Void",
        "voided", reason=REQUIRED, effect=effects.void, tells=(people.side_to_confirm,), is_warning=True),
    # Extra days, beyond what was approved
    Row("extra", "propose", (), E.PROPOSED, (who.one_side,), "Propose extra days", "proposed",
        when=(extra.is_wanted, extra.stays_small), tells=(people.side_to_agree,), is_pressed=False),
    Row("extra", "agree", (E.PROPOSED,), E.AGREED, (who.director_of_the_other_side,), "Agree", "agreed",
        when=(extra.is_wanted, extra.stays_small), effect=effects.commit_extra,
        tells=(people.both_sides, people.coordinators), awaited=10),
    Row("extra", "decline", (E.PROPOSED,), E.DECLINED, (who.director_of_the_other_side,), "Decline", "declined",
        reason=REQUIRED, tells=(people.side_that_proposed,)),
    Row("extra", "take_back", (E.PROPOSED,), E.TAKEN_BACK, (who.side_that_proposed,), "Take back", "taken back",
        tells=(people.side_to_agree,)),
    # A spreadsheet of days
    Row("day_import", "show", (), B.SHOWN, LOGGERS, "Look at a spreadsheet of days", "looked at what it would log",
        when=(when.partnership_is_live,), is_pressed=False),
    Row("day_import", "apply", (B.SHOWN,), B.APPLIED, (who.side_that_logged,), "Log these days", "logged its days",
        when=(when.partnership_is_live,), tells=(people.side_to_confirm,), is_pressed=False),
    Row("day_import", "set_aside", (B.SHOWN,), B.SET_ASIDE, (who.side_that_logged,), "Set aside", "set aside"),
)
# fmt: on
