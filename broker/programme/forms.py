"""The forms for a programme's weights and limits, and for managers' notes."""

from __future__ import annotations

from broker.fields import DaysField, Form, LongTextField, NumberField
from broker.programme.policies import ALL_POINTS, MOST_AT_ONCE, MOST_QUORUM, Rules
from broker.returns.actions import NOTE_LENGTH
from broker.rounds.weighing import CODES, EVIDENCE


class PolicyForm(Form):
    panel_from = DaysField(
        "The panel decides from",
        optional=True,
        hint="Days of a need with its follow-ons. Leave it empty if the days never call for it.",
    )
    quorum = NumberField("How many of the panel decide", least=1, most=MOST_QUORUM)
    partnerships_at_once = NumberField(
        "Partnerships at once for each provider", least=1, most=MOST_AT_ONCE
    )
    reason = LongTextField(
        "Why", max_length=500, hint="The programme's people read this beside what changed."
    )

    @classmethod
    def of(cls, rules: Rules) -> PolicyForm:
        return cls(
            panel_from=rules.panel_from,
            quorum=rules.quorum,
            partnerships_at_once=rules.partnerships_at_once,
            **rules.weights,
        )

    @property
    def weights(self) -> dict[str, int]:
        return {code: self[code].data or 0 for code in CODES}

    @property
    def rules(self) -> Rules:
        return Rules(
            self.weights,
            self.panel_from.data,
            self.quorum.data or 0,
            self.partnerships_at_once.data or 0,
        )


class NoteForm(Form):
    words = LongTextField(
        "A note for the programme's managers",
        hint="Whoever manages this programme after you reads it too. The provider does not.",
        max_length=NOTE_LENGTH,
        rows=3,
    )


for code, name in CODES.items():
    label = f"{name[:1].upper()}{name[1:]}"
    field = NumberField(label, least=0, most=ALL_POINTS, hint=EVIDENCE[code])
    setattr(PolicyForm, code, field)


class TryForm(PolicyForm):
    """The same, to try: nothing is saved, so no reason is asked for yet."""

    reason = LongTextField("Why", max_length=500, optional=True)
