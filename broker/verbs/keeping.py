"""What may be done with published facts, programmes, deputies and what follows an authority."""

from __future__ import annotations

from enum import Enum

from broker import people, proof
from broker import permissions as who
from broker.models.exception import ExceptionState as X
from broker.models.fact_import import ImportState as I
from broker.models.help import LiveHelpState as H
from broker.models.intervention import InterventionState as V
from broker.models.match import ConversationState as C
from broker.models.match import MatchState as M
from broker.models.need import NeedState as N
from broker.models.notice import NoticeState as Z
from broker.models.offer import OfferState as O
from broker.models.partnership import PartnershipState as P
from broker.models.recording import RecordingState as K
from broker.models.return_ import ReturnState as T
from broker.models.showing import ShowingState as W
from broker.models.suggested_need import SuggestedNeedState as U
from broker.verbs.row import REQUIRED, Row

# What moves when an authority is followed by others: the states that are open, and who hears.
SUCCEEDED: tuple[tuple[str, tuple[Enum, ...], tuple[people.Group, ...]], ...] = (
    ("offer", (O.DRAFT, O.PUBLISHED, O.PAUSED, O.SUSPENDED), ()),
    ("capacity", (), ()),
    (
        "need",
        (N.PRIVATE, N.IN_CONFIDENCE, N.SUBMITTED, N.OPEN, N.PART_MATCHED, N.MATCHED, N.MET),
        (),
    ),
    ("suggested_need", (U.WAITING,), ()),
    ("live_help", (H.RUNNING,), ()),
    ("conversation", (C.ASKED, C.ACCEPTED, C.HELD), ()),
    ("match", (M.TALKING, M.AGREED, M.WITH_PANEL, M.APPROVED), ()),
    ("partnership", tuple(P), (people.both_sides, people.coordinators)),
    ("showing", (W.SHOWN,), (people.authority_shown,)),
    ("recording", (K.BEING_WRITTEN, K.WITH_OTHER_SIDE, K.WITH_COORDINATOR, K.SENT_BACK), ()),
    ("return", tuple(state for state in T if state is not T.JOINED), ()),
    ("exception", (X.IN_FORCE,), ()),
    ("person", (), (people.themselves,)),
)

# fmt: off
ROWS: tuple[Row, ...] = (
    # Import of published facts
    Row("fact_import", "show", (), I.SHOWN, (who.administrator, who.the_clock), "Look at a file of facts",
        "looked at what it would change", is_pressed=False),
    Row("fact_import", "apply", (I.SHOWN,), I.APPLIED, (who.administrator, who.the_clock), "Apply exactly this", "applied"),
    Row("fact_import", "set_aside", (I.SHOWN,), I.SET_ASIDE, (who.administrator,), "Set aside", "set aside"),
    # Intervention, as published
    Row("intervention", "enter", (), V.RUNNING, (who.administrator,), "Enter an intervention", "entered", is_pressed=False),
    Row("intervention", "correct", (V.RUNNING, V.ENDED), None, (who.administrator,), "Correct this", "corrected", is_pressed=False),
    Row("intervention", "end", (V.RUNNING,), V.ENDED, (who.administrator,), "Enter its end", "entered its end", is_pressed=False),
    Row("intervention", "strike_out", (V.RUNNING, V.ENDED), V.STRUCK_OUT, (who.administrator,),
        "Strike out as a mistake", "struck out as a mistake", reason=REQUIRED, is_warning=True),
    # A person's name and address, taken out of everything
    Row("person", "erase", (), None, (who.administrator,), "Erase name and address", "was erased: name and address are gone",
        reason=REQUIRED, weighs=proof.always, is_pressed=False, is_warning=True),
    # Notices at the top of every page
    Row("notice", "put_up", (), Z.UP, (who.administrator, who.the_clock), "Put up a notice", "put up",
        weighs=proof.if_it_closes_writing, is_pressed=False),
    Row("notice", "take_down", (Z.UP,), Z.TAKEN_DOWN, (who.administrator, who.the_clock), "Take down", "taken down"),
    # A programme (no states of its own: it is open between its days)
    Row("programme", "add", (), None, (who.administrator, who.the_clock), "Add a programme", "added", is_pressed=False),
    Row("programme", "change", (), None, (who.administrator, who.the_clock), "Change this programme", "changed",
        tells=(people.its_managers,), is_pressed=False),
    # A named deputy (a membership on loan; it has no states of its own)
    Row("deputy", "name", (), None, (who.whose_deputy_it_is,), "Name a deputy", "named a deputy",
        tells=(people.the_deputy,), is_pressed=False),
    Row("deputy", "end", (), None, (who.whose_deputy_it_is,), "End this sooner", "ended it sooner",
        tells=(people.the_deputy,), is_pressed=False),
    # Succession: an authority is split, merged or gets another code. What is open goes to who follows.
    Row("authority", "recode", (), None, (who.administrator, who.the_clock), "Give another code", "was given another code",
        reason=REQUIRED, is_pressed=False),
    Row("authority", "succeed", (), None, (who.administrator, who.the_clock), "Record who follows", "ended, and is followed by others",
        reason=REQUIRED, is_pressed=False),
    *(Row(noun, "succeed", states, None, (who.administrator, who.the_clock), "Move to the successor", "moved to the successor",
        reason=REQUIRED, tells=tells, is_pressed=False) for noun, states, tells in SUCCEEDED),
)
# fmt: on
