"""x"""

from broker.models.person import Person


def build(*, by: Person) -> str:
    return ""
