"""What may be done with help that was agreed elsewhere."""

from __future__ import annotations

from broker import conditions as when
from broker import people, proof
from broker import permissions as who
from broker.models.match import MatchState as M
from broker.models.need import NeedState as N
from broker.models.offer import OfferState as O
from broker.models.partnership import SupportDayState as D
from broker.models.recording import RecordingState as K
from broker.verbs import effects
from broker.verbs.row import REQUIRED, Row

WRITTEN = (K.BEING_WRITTEN, K.SENT_BACK)

# fmt: off
ROWS: tuple[Row, ...] = (
    Row("recording", "begin", (), K.BEING_WRITTEN, (who.side_that_entered,), "Record an agreement", "began to record", is_pressed=False),
    Row("recording", "write", WRITTEN, None, (who.side_that_entered,), "Change it", "changed", is_pressed=False),
    Row("recording", "send", WRITTEN, K.WITH_OTHER_SIDE, (who.side_that_entered,), "Send to the other side",
        "sent to the other side", when=(when.recording_has_days,), tells=(people.side_to_confirm_it,), awaited=20),
    Row("recording", "confirm", (K.WITH_OTHER_SIDE,), K.WITH_COORDINATOR, (who.side_that_did_not_enter,), "Confirm that it is so",
        "confirmed that it is so", tells=(people.coordinators,), awaited=20),
    Row("recording", "query", (K.WITH_OTHER_SIDE,), K.SENT_BACK, (who.side_that_did_not_enter,), "Send back with a question",
        "sent back with a question", reason=REQUIRED, tells=(people.side_that_wrote_it,)),
    Row("recording", "note", (K.WITH_COORDINATOR,), K.NOTED, (who.coordinator_to_note_it,), "Note it", "noted",
        weighs=proof.always, tells=(people.both_sides,), awaited=10),
    Row("recording", "send_back", (K.WITH_COORDINATOR,), K.SENT_BACK, (who.coordinator_to_note_it,), "Ask both sides a question",
        "asked both sides a question", reason=REQUIRED, tells=(people.both_sides,)),
    Row("recording", "take_back", (*WRITTEN, K.WITH_OTHER_SIDE, K.WITH_COORDINATOR), K.TAKEN_BACK, (who.side_that_entered,),
        "Take it back", "taken back", is_warning=True),
    # What a noted recording becomes
    Row("need", "record", (), N.MATCHED, (who.the_clock,), "Record as matched", "recorded as agreed elsewhere", is_pressed=False),
    Row("offer", "record", (), O.WITHDRAWN, (who.the_clock,), "Record what is given", "recorded as agreed elsewhere", is_pressed=False),
    Row("match", "record", (), M.APPROVED, (who.the_clock,), "Record as approved", "recorded as agreed elsewhere", is_pressed=False),
    Row("support_day", "record", (), D.CONFIRMED, (who.the_clock,), "Record days given", "recorded, confirmed by both sides",
        effect=effects.deliver, is_pressed=False),
)
# fmt: on
