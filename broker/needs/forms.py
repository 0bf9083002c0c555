"""Forms about needs, beside the task list."""

from __future__ import annotations

from broker.fields import AuthorityField, Form, LongTextField, RadiosField
from broker.models.authority import Authority
from broker.models.need import Need, Priority, Wish
from broker.needs import queries


class PartnerForm(Form):
    """What an authority says of one possible provider."""

    partner = AuthorityField("Authority")
    wish = RadiosField("What do you want to say?", choices=[(w.value, w.words) for w in Wish])
    reason = LongTextField("Why", max_length=1000, optional=True)

    _authorities: dict[str, Authority]

    @classmethod
    def about(cls, need: Need) -> PartnerForm:
        form = cls()
        form._authorities = {a.code: a for a in queries.others(need.receiver)}
        form.partner.choices = [(code, a.name) for code, a in form._authorities.items()]
        return form

    @property
    def chosen(self) -> Authority:
        return self._authorities[self.partner.data]


class PriorityForm(Form):
    priority = RadiosField(
        "Priority in the region's rounds", choices=[(one.value, one.words) for one in Priority]
    )
    because = LongTextField("Why", hint="The authority reads this.", max_length=1000)
