"""What may be done about everybody who helps one authority."""

from __future__ import annotations

from broker import permissions as who
from broker.models.help import LiveHelpState as H
from broker.verbs.row import RECEIVERS, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    # Help from outside the exchange, kept once per authority
    Row("live_help", "enter", (), H.RUNNING, RECEIVERS, "Add help from elsewhere", "added", is_pressed=False),
    Row("live_help", "change", (H.RUNNING,), None, RECEIVERS, "Change this help", "changed", is_pressed=False),
    Row("live_help", "end", (H.RUNNING,), H.ENDED, RECEIVERS, "It has ended", "ended"),
    # The page of all who help an authority, and its joint plan
    Row("authority", "plan_quarter", (), None, (who.director_of_this_authority, who.lead_of_this_authority),
        "Say what a quarter is for", "said what a quarter is for", is_pressed=False),
    Row("authority", "share_help", (), None, (who.director_of_this_authority,), "Let those who help read who else helps",
        "let those who help read who else helps", is_pressed=False),
    Row("authority", "keep_help", (), None, (who.director_of_this_authority,), "Keep who helps to ourselves",
        "keeps who helps to itself", is_pressed=False),
)
# fmt: on
