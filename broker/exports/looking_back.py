"""The columns of what people look back on: feedback that is due, and how partnerships go."""

from __future__ import annotations

from typing import Any

from broker.exports.tables import Column, Table
from broker.feedback.due import Due
from broker.health.queries import Line

C = Column

FEEDBACK_DUE: Table[Due] = Table(
    "feedback-due",
    "one voice, asked at one moment of a partnership that the person who downloads may see; of "
    "staff it says whether a pulse was opened, and never whether anybody answered",
    (
        C("partnership", "The partnership's number.", lambda due: due.partnership.id),
        C("title", "What it is about.", lambda due: due.partnership.title),
        C("programme", "The programme's name.", lambda due: due.partnership.programme.name),
        C("provider_code", "ONS code of the giver.", lambda due: due.partnership.provider.code),
        C("provider", "The giving authority.", lambda due: due.partnership.provider.name),
        C("receiver_code", "ONS code of the receiver.", lambda due: due.partnership.receiver.code),
        C("receiver", "The receiving authority.", lambda due: due.partnership.receiver.name),
        C("who", "receiver, provider or staff.", lambda due: due.voice.value),
        C("moment", "Mid-point, end, 6 or 12 months after.", lambda due: due.moment.value),
        C("asked_on", "Since when it is asked.", lambda due: due.asked_on),
        C("due_on", "20 working days later.", lambda due: due.due_on),
        C("stands", "Said, asked, late, or not said in time.", lambda due: due.words),
    ),
)

HEALTH: Table[Line] = Table(
    "health-board",
    "a partnership that the person who downloads oversees, as the checks stand that day",
    (
        C("partnership", "The partnership's number.", lambda line: line.partnership.id),
        C("title", "What it is about.", lambda line: line.partnership.title),
        C("provider", "The giving authority.", lambda line: line.partnership.provider.name),
        C("receiver", "The receiving authority.", lambda line: line.partnership.receiver.name),
        C("phase", "Where it stands.", lambda line: line.partnership.state.value),
        C("temperature", "What the checks come to.", lambda line: line.temperature.words),
        C("to_do", "What to do first.", lambda line: line.health.todo),
        C(
            "worth_a_look",
            "What asks for something, with its evidence.",
            lambda line: tuple(f"{one.name}: {one.evidence}" for one in line.health.worries),
        ),
    ),
)

TABLES: tuple[Table[Any], ...] = (FEEDBACK_DUE, HEALTH)
