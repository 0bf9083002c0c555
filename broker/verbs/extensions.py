"""What may be done with more days for a partnership."""

from __future__ import annotations

from broker import more_conditions as when
from broker import outcomes as outcome
from broker import people, proof
from broker import permissions as who
from broker import programme_conditions as under
from broker.models.extension import EXTENSIONS_OPEN
from broker.models.extension import ExtensionState as E
from broker.verbs import effects
from broker.verbs.row import REQUIRED, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("extension", "propose", (), E.PROPOSED, (who.one_side,), "Ask for more days", "asked for more days",
        when=(when.the_partnership_is_live, under.programme_is_open, when.no_other_is_open), tells=(people.both_sides,), is_pressed=False),
    Row("extension", "agree", (E.PROPOSED,), outcome.after_agreeing_more, (who.one_side_director,), "Agree to more days",
        "agreed to more days", when=(when.the_partnership_is_live, under.programme_is_open), effect=effects.reserve_extension,
        tells=(people.both_sides, people.coordinators_once_agreed), awaited=10),
    Row("extension", "approve", (E.AGREED,), E.APPROVED, (who.coordinator_for_an_extension,), "Approve more days",
        "approved more days", when=(when.panel_is_not_needed, when.its_quarters_are_not_over), effect=effects.commit_extension, weighs=proof.always,
        tells=(people.both_sides, people.managers), awaited=10),
    Row("extension", "send_to_panel", (E.AGREED,), E.WITH_PANEL, (who.coordinator_for_an_extension,), "Send more days to the panel",
        "sent more days to the panel", when=(when.panel_is_needed, when.its_quarters_are_not_over), tells=(people.panel,), awaited=10),
    Row("extension", "vote", (E.WITH_PANEL,), outcome.after_voting_on_more, (who.panel_member,), "Vote on more days", "voted",
        effect=effects.extend_after_panel, weighs=proof.always, tells=(people.all_once_decided,), awaited=10, is_pressed=False),
    Row("extension", "decline", EXTENSIONS_OPEN, E.DECLINED, (who.one_side_director,), "Decline or withdraw",
        "declined more days", reason=REQUIRED, effect=effects.unreserve_extension, tells=(people.both_sides, people.coordinators), is_warning=True),
    Row("extension", "close", EXTENSIONS_OPEN, E.NOT_NEEDED_NOW, (who.the_clock,), "Close", "closed: the partnership stopped",
        effect=effects.unreserve_extension, tells=(people.both_sides,), is_pressed=False),
)
# fmt: on
