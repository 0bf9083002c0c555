from broker.fields import Form, RadiosField
from broker.models.person import DigestWish


class WishForm(Form):
    digest = RadiosField(
        "How often shall the digest come?",
        hint="Urgent messages, such as an ask, a refusal or a last day, come at once all the same.",
        choices=[
            (DigestWish.DAILY.value, "Every working day"),
            (DigestWish.WEEKLY.value, "On the first working day of the week"),
            (DigestWish.NEVER.value, "Not at all", "Messages still stand here, on the site."),
        ],
    )
