"""The form for granting an exception."""

from __future__ import annotations

from broker.fields import AuthorityField, DateField, Form, LongTextField, RadiosField


class GrantForm(Form):
    provider = AuthorityField("Authority", hint="One of your region.")
    programme = RadiosField("Programme")
    because = LongTextField(
        "Why the rules should not keep it out",
        max_length=2000,
        hint="What it is good at, how you know, and how children are kept safe meanwhile. The "
        "authority and the programme read this.",
    )
    expires_on = DateField("The last day it holds", hint="A year ahead at most.")
