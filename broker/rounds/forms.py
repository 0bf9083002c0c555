from broker.fields import Form, RadiosField, SelectField

AIMS = [
    ("fit", "The best fit overall"),
    ("coverage", "Help for as many needs as possible"),
    ("fair", "As many as possible, and no poor fits"),
]


class RoundForm(Form):
    region = SelectField("Region")
    programme = SelectField("Programme")
    aim = RadiosField("What it is to look for", choices=AIMS)
