"""Every verb, one row each: from, to, who, why-not, reason, days, who hears.

The row is the check, the button, the entry in the history and the line in docs/states.md; the rows
stand in `broker/verbs/`, a file for each kind of record. `broker/taking.py` carries them out. To
change who may do something or when, change its row.
"""

from __future__ import annotations

from enum import Enum

from broker.models.agreement import WorkingState as Y
from broker.models.api_token import ApiTokenState as AT
from broker.models.day_import import DayImportState as J
from broker.models.exception import ExceptionState as X
from broker.models.extension import ExtensionState as E
from broker.models.extra import ExtraState as A
from broker.models.fact_import import ImportState as I
from broker.models.help import LiveHelpState as H
from broker.models.intervention import InterventionState as V
from broker.models.invitation import InvitationState as IV
from broker.models.match import ConversationState as C
from broker.models.match import MatchState as M
from broker.models.match import RoundState as R
from broker.models.match import SuggestionState as S
from broker.models.need import NeedState as N
from broker.models.notice import NoticeState as Z
from broker.models.offer import OfferState as O
from broker.models.partnership import PartnershipState as P
from broker.models.partnership import SupportDayState as D
from broker.models.plan import PlanState as L
from broker.models.pulse import PulseState as U
from broker.models.recording import RecordingState as K
from broker.models.return_ import ReturnState as T
from broker.models.return_ import SectionState as B
from broker.models.review import ReviewState as Q
from broker.models.showing import ShowingState as W
from broker.models.suggested_need import SuggestedNeedState as G
from broker.verbs import (
    accounts,
    extensions,
    help,
    keeping,
    looking_back,
    matches,
    needs,
    offers,
    partnerships,
    plans,
    recordings,
    returns,
    support_days,
)
from broker.verbs.keeping import SUCCEEDED
from broker.verbs.row import Reason, Row

__all__ = ["BY_NAME", "ROWS", "STATES", "SUCCEEDED", "Reason", "Row"]

KINDS = (
    offers, needs, help, matches, partnerships, support_days, plans, extensions, looking_back,
    recordings, returns, keeping, accounts,
)  # fmt: skip
ROWS: tuple[Row, ...] = tuple(row for kind in KINDS for row in kind.ROWS)


BY_NAME = {(row.noun, row.verb): row for row in ROWS}
STATES: dict[str, type[Enum]] = {
    "offer": O, "need": N, "suggested_need": G, "live_help": H, "suggestion": S,
    "conversation": C, "match": M, "round": R, "recording": K,
    "partnership": P, "support_day": D, "extra": A, "day_import": J, "review": Q,
    "showing": W, "pulse": U, "working_agreement": Y, "plan": L, "extension": E,
    "return": T, "return_section": B, "exception": X, "fact_import": I, "intervention": V,
    "notice": Z, "api_token": AT, "invitation": IV,
}  # fmt: skip
