from broker.fields import Form, LongTextField, NumberField, RadiosField, SelectField
from broker.matching.introduce import EACH_NEED, EACH_PROVIDER

AIMS = [
    ("fit", "The best fit overall"),
    ("coverage", "Help for as many needs as possible"),
    ("fair", "As many as possible, and no poor fits"),
]
KINDS = [
    ("conversation", "Conversations: who should talk to whom"),
    ("commitment", "Commitments: who should work with whom, when and for how many days"),
]


class RoundForm(Form):
    kind = RadiosField("What it is to propose", choices=KINDS)
    region = SelectField("Where")
    programme = SelectField("Programme")
    aim = RadiosField("What it is to look for", choices=AIMS)
    each_need = NumberField(
        "Providers that each need may meet",
        least=1,
        most=20,
        optional=True,
        hint=f"For conversations. Left empty: {EACH_NEED}.",
    )
    each_provider = NumberField(
        "Needs that each provider may meet",
        least=1,
        most=50,
        optional=True,
        hint=f"For conversations. Left empty: {EACH_PROVIDER}.",
    )
    minimums = LongTextField(
        "Providers that should have at least so many matches",
        optional=True,
        rows=2,
        hint="One on a line: the provider, then how many. For example: Leeds 2",
    )
    musts = LongTextField(
        "Pairs that must match",
        optional=True,
        rows=2,
        hint="One on a line: the number of the need, then the provider. For example: 12 Leeds",
    )
    forbidden = LongTextField(
        "Pairs that may not match", optional=True, rows=2, hint="Written in the same way."
    )
    seconds = NumberField(
        "The longest it may take, in seconds", least=1, most=600, hint="Most rounds take a few."
    )


class MatchForm(Form):
    need = SelectField("Need")
    provider = SelectField("Provider")
    start = SelectField("From")


class AskForm(Form):
    """Nothing to fill in: the address says what is asked."""
