"""The form of a token."""

from __future__ import annotations

from broker.api_tokens.actions import NAME_LENGTH
from broker.fields import CheckboxesField, DateField, Form, TextField
from broker.models.api_token import Scope


class TokenForm(Form):
    name = TextField(
        "What it is for",
        hint="Such as ‘Regional dashboard’. Name a use, not a person.",
        max_length=NAME_LENGTH,
    )
    scopes = CheckboxesField(
        "What it may read", choices=[(scope.value, scope.words) for scope in Scope]
    )
    expires_on = DateField(
        "Last day in use", hint="At most a year from today. Make a new one before it ends."
    )

    @property
    def chosen(self) -> list[Scope]:
        return [Scope(word) for word in self.scopes.data or ()]
