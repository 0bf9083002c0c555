"""What may be done with returns and the freeze of a quarter."""

from __future__ import annotations

from broker import conditions as when
from broker import people, proof
from broker import permissions as who
from broker.models.api_token import ApiTokenState as A
from broker.models.return_ import ReturnState as T
from broker.models.return_ import SectionState as W
from broker.verbs.row import GIVERS, RECEIVERS, REQUIRED, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    # Return
    Row("return", "start", (), T.IN_PROGRESS, (*GIVERS, who.the_clock, who.manager_of_the_programme), "Start the return", "started",
        when=(when.quarter_is_over,), tells=(people.providing_side,), is_pressed=False),
    Row("return", "submit_nil", (), T.SUBMITTED, (who.the_clock,), "Submit a nil return",
        "submitted by itself: there was nothing to report", when=(when.quarter_is_over,), tells=(people.providing_side,), is_pressed=False),
    Row("return", "remind", (T.IN_PROGRESS, T.AWAITING_CERTIFICATION, T.CHANGES_REQUESTED), None, (who.manager_of_the_programme,),
        "Remind the provider", "reminded the provider", tells=(people.providing_side,)),
    Row("return", "write", (T.IN_PROGRESS, T.AWAITING_CERTIFICATION, T.CHANGES_REQUESTED), None, GIVERS,
        "Write this return", "wrote", is_pressed=False),
    Row("return", "hand_over", (T.IN_PROGRESS, T.CHANGES_REQUESTED), T.AWAITING_CERTIFICATION, (who.lead_of_the_provider,),
        "Send to the director", "sent to the director", when=(when.outcomes_are_written,), tells=(people.providing_side,), awaited=20),
    Row("return", "certify", (T.IN_PROGRESS, T.AWAITING_CERTIFICATION, T.CHANGES_REQUESTED), T.SUBMITTED,
        (who.director_of_the_provider,), "Certify and submit", "certified and submitted",
        when=(when.outcomes_are_written, when.return_not_frozen), weighs=proof.always, tells=(people.managers,), awaited=20, is_pressed=False),
    Row("return", "request_changes", (T.SUBMITTED,), T.CHANGES_REQUESTED, (who.manager_of_the_programme,),
        "Ask for changes", "asked for changes", when=(when.return_not_frozen,), reason=REQUIRED, tells=(people.providing_side,)),
    Row("return", "accept", (T.SUBMITTED,), T.ACCEPTED, (who.manager_of_the_programme,), "Accept", "accepted",
        tells=(people.providing_side,), awaited=10),
    Row("return", "reopen", (T.ACCEPTED, T.SUBMITTED), T.IN_PROGRESS, (who.manager_of_the_programme,), "Reopen", "reopened",
        when=(when.return_not_frozen,), reason=REQUIRED, tells=(people.providing_side,)),
    Row("return", "join", (T.IN_PROGRESS, T.AWAITING_CERTIFICATION, T.SUBMITTED, T.CHANGES_REQUESTED, T.ACCEPTED),
        T.JOINED, (who.administrator, who.the_clock), "Join to the successor's return", "was joined to the successor's return",
        when=(when.return_not_frozen,), reason=REQUIRED, is_pressed=False),
    # A receiver's section
    Row("return_section", "begin", (), W.WRITTEN, GIVERS, "Begin the section", "began", is_pressed=False),
    Row("return_section", "write", (W.WRITTEN, W.SHOWN, W.READ), W.WRITTEN, GIVERS, "Write about this receiver", "wrote",
        when=(when.return_is_being_made,), is_pressed=False),
    Row("return_section", "show", (W.WRITTEN,), W.SHOWN, GIVERS, "Show it to the receiver", "shown to the authority first",
        when=(when.return_is_being_made,), tells=(people.receiving_side,), is_pressed=False),
    Row("return_section", "read", (W.SHOWN,), W.READ, RECEIVERS, "Read it first", "read it",
        when=(when.return_is_being_made,), tells=(people.providing_side,), awaited=5, is_pressed=False),
    Row("return_section", "comment", (W.READ,), None, RECEIVERS, "Change what you said", "changed what they said",
        when=(when.return_is_being_made,), tells=(people.providing_side,), is_pressed=False),
    Row("freeze", "freeze", (), None, (who.manager_of_the_programme,), "Freeze this quarter", "froze the quarter", weighs=proof.always, is_pressed=False),
    # A token by which a program reads the programme's records
    Row("api_token", "make", (), A.IN_USE, (who.manager_of_the_programme,), "Make a token", "made", is_pressed=False),
    Row("api_token", "revoke", (A.IN_USE,), A.REVOKED, (who.manager_of_the_programme,), "Revoke this token", "revoked", is_warning=True),
)
# fmt: on
