"""Form fields drawn with the govuk macros.

Every field shows again what was typed, and every error leads to an input. A field is required
unless it is `optional`. `label`, `hint` and `choices` may be callables, asked for each form.
"""

from broker.fields.by_quarter import QuarterDaysForm
from broker.fields.chosen import (
    AuthorityField,
    CheckboxesField,
    CheckboxField,
    RadiosField,
    SelectField,
)
from broker.fields.dated import DateField
from broker.fields.drawn import Form
from broker.fields.uploaded import FileField
from broker.fields.written import (
    DaysField,
    EmailField,
    LongTextField,
    NumberField,
    PasswordField,
    TextField,
)

__all__ = [
    "AuthorityField",
    "CheckboxField",
    "CheckboxesField",
    "DateField",
    "DaysField",
    "EmailField",
    "FileField",
    "Form",
    "LongTextField",
    "NumberField",
    "PasswordField",
    "QuarterDaysForm",
    "RadiosField",
    "SelectField",
    "TextField",
]
