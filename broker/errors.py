"""What can go wrong, in words for the person it happens to."""


class Refused(Exception):
    """Something was not done; `words` say why and what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotAllowed(Refused):
    """This person may see the thing but may not do this to it (403)."""


class NotPossible(Refused):
    """It cannot be done now, whoever asks (409)."""


class NotRight(Refused):
    """What was typed does not hold (422); `field` is the form field it speaks of."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class BadSetting(RuntimeError):
    """A setting is missing or wrong; the message says which and what to do."""
