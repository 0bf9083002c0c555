"""What may be done with offers, the days behind them, and exceptions to who may provide."""

from __future__ import annotations

from broker import conditions as when
from broker import outcomes as outcome
from broker import people
from broker import permissions as who
from broker import programme_conditions as under
from broker.models.exception import ExceptionState as X
from broker.models.offer import OfferState as O
from broker.verbs.row import GIVERS, OPTIONAL, REQUIRED, STANDING, Row

# fmt: off
ROWS: tuple[Row, ...] = (
    # Offer
    Row("offer", "draft", (), O.DRAFT, GIVERS, "Draft an offer", "drafted", is_pressed=False),
    Row("offer", "edit", (O.DRAFT, *STANDING), None, GIVERS, "Write this offer", "changed",
        when=(when.is_being_written,), is_pressed=False),
    Row("offer", "ask_partners", (O.DRAFT, *STANDING), None, GIVERS, "Ask the other authorities to agree",
        "asked the other authorities to agree", when=(when.partners_are_to_be_asked,), tells=(people.partner_directors,)),
    Row("offer", "join", (O.DRAFT, *STANDING), None, (who.director_of_a_partner_asked,), "Agree to be named",
        "agreed to be named", when=(when.is_being_written,), tells=(people.providing_side,), awaited=10),
    Row("offer", "stay_out", (O.DRAFT, *STANDING), None, (who.director_of_a_partner_asked,), "Do not be named",
        "did not want to be named", when=(when.is_being_written,), reason=OPTIONAL, tells=(people.providing_side,)),
    Row("offer", "leave", STANDING, None, (who.director_of_a_partner_named,), "Take our name off this offer",
        "took its name off", reason=REQUIRED, tells=(people.providing_side,), is_warning=True),
    Row("offer", "hand_over", (O.DRAFT, *STANDING), None, (who.lead_of_the_provider,), "Send to the director",
        "sent to the director", when=(when.is_being_written, when.offer_is_complete), tells=(people.providing_side,)),
    Row("offer", "publish", (O.DRAFT,), O.PUBLISHED, (who.director_of_the_provider,), "Sign off and publish",
        "published", when=(when.offer_is_complete, when.what_is_written_is_eligible), awaited=10),
    Row("offer", "set_aside", (O.DRAFT,), O.WITHDRAWN, GIVERS, "Set this draft aside", "set aside", is_warning=True),
    Row("offer", "revise", STANDING, None, GIVERS, "Revise this offer", "began a revision",
        when=(when.is_not_being_revised,)),
    Row("offer", "sign_off", STANDING, None, (who.director_of_the_provider,), "Sign off this version",
        "signed off a new version", when=(when.is_being_written, when.offer_is_complete,
        when.what_is_written_is_eligible), awaited=10),
    Row("offer", "reword", STANDING, None, GIVERS, "Publish the new wording", "published new wording",
        when=(when.is_being_written, when.offer_is_complete)),
    Row("offer", "discard", STANDING, None, GIVERS, "Discard this revision", "discarded a revision",
        when=(when.is_being_written,), is_warning=True),
    Row("offer", "pause", (O.PUBLISHED,), O.PAUSED, GIVERS, "Pause", "paused", reason=OPTIONAL),
    Row("offer", "resume", (O.PAUSED,), O.PUBLISHED, GIVERS, "Publish again", "published again",
        when=(under.one_of_its_programmes_is_open, when.provider_is_eligible)),
    Row("offer", "withdraw", STANDING, O.WITHDRAWN, (who.director_of_the_provider,), "Withdraw", "withdrew",
        when=(when.no_matches_talking,), reason=REQUIRED, is_warning=True),
    Row("offer", "suspend", (O.PUBLISHED, O.PAUSED), O.SUSPENDED, (who.the_clock,), "Suspend", "suspended",
        reason=REQUIRED, tells=(people.providing_side,), is_pressed=False),
    Row("offer", "lift", (O.SUSPENDED,), outcome.after_lifting, (who.the_clock,), "Lift the suspension",
        "lifted the suspension", when=(when.provider_is_eligible,), tells=(people.providing_side,), is_pressed=False),
    # Capacity (no states of its own)
    Row("capacity", "confirm", (), None, GIVERS, "Confirm days", "set out its days", is_pressed=False),
    Row("capacity", "firm_up", (), None, GIVERS, "Confirm likely days", "confirmed likely days",
        when=(under.programme_is_open,), is_pressed=False),
    Row("capacity", "correct", (), None, (who.director_of_the_provider, who.manager_of_the_programme),
        "Correct an entry", "corrected an entry", reason=REQUIRED, tells=(people.providing_side, people.managers),
        is_pressed=False),
    Row("capacity", "ask_for_days", (), None, (who.a_coordinator, who.manager_of_the_programme), "Ask for more days", "asked for more days",
        reason=REQUIRED, tells=(people.providing_side,), is_pressed=False),
    Row("capacity", "expire", (), None, (who.the_clock,), "Let free days expire", "free days expired",
        tells=(people.providing_side,), is_pressed=False),
    # Exception to a programme's rule on who may provide
    Row("exception", "grant", (), X.IN_FORCE, (who.coordinator_of_the_providing_region,), "Grant an exception",
        "granted an exception", reason=REQUIRED, tells=(people.providing_side, people.managers), is_pressed=False),
    Row("exception", "end", (X.IN_FORCE,), X.ENDED_SOONER, (who.coordinator_of_the_providing_region,), "End this exception",
        "ended the exception", reason=REQUIRED, tells=(people.providing_side, people.managers), is_warning=True),
    Row("exception", "expire", (X.IN_FORCE,), X.EXPIRED, (who.the_clock,), "Expire", "expired",
        tells=(people.providing_side, people.providing_coordinators, people.managers), is_pressed=False),
)
# fmt: on
