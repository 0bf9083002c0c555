"""The task list of an offer: its pages in order, what each needs, and saving over another."""

from __future__ import annotations

from dataclasses import dataclass

from broker.errors import NotPossible, NotRight
from broker.models.offer import Offer, OfferVersion
from broker.offers.actions import changes
from broker.offers.forms import PAGES, PageForm
from broker.offers.known import Known
from broker.offers.stamps import ChangedMeanwhile, stamp_of
from broker.offers.terms import is_wording
from broker.web import Button

TASKS = (
    ("about", "About"),
    ("themes", "Themes and evidence"),
    ("work", "How you work"),
    ("days", "Days and time"),
    ("help", "Who you can help"),
    ("record", "Track record and people"),
    ("together", "Together with others"),
)
NEEDED = ("about", "themes", "work", "days")
ON_FORM = {"title": "offer_title", "partners": "partner_1"}


@dataclass(frozen=True)
class Task:
    """A line of the task list. `missing`: what it still needs, in words."""

    page: str
    name: str
    missing: tuple[str, ...]
    is_begun: bool

    @property
    def is_needed(self) -> bool:
        """Every offer says something here."""
        return self.page in NEEDED


def tasks_of(offer: Offer) -> list[Task]:
    version = offer.working or offer.current
    gaps = version.missing
    begun = _begun(version)
    return [
        Task(page, name, tuple(words for task, words in gaps if task == page), page in begun)
        for page, name in TASKS
    ]


def _begun(version: OfferVersion) -> set[str]:
    """The pages on which something has been said."""
    said = {
        "about": version.title or version.what_we_do,
        "themes": version.themes,
        "work": version.delivery or version.choices,
        "days": version.days_least or version.days_most or version.backfill,
        "help": version.helps_situations or version.helps_regions or version.helps_types,
        "record": version.helped_before or version.lead_id,
        "together": version.partners,
    }
    return {page for page, words in said.items() if words}


def page_after(page: str) -> str | None:
    """The page that follows; None after the last."""
    pages = [*PAGES, None]
    return pages[pages.index(page) + 1]


def stamp(known: Known, page: str) -> str:
    return stamp_of(known.terms, PAGES[page].names)


def on_form(error: NotRight | NotPossible) -> NotRight | NotPossible:
    """The same refusal, by the name that the field has on its page."""
    if isinstance(error, NotRight) and error.field in ON_FORM:
        return NotRight(error.words, ON_FORM[error.field])
    return error


def put_theirs(
    form: PageForm, error: NotRight | NotPossible, offer: Offer, page: str
) -> dict[str, str]:
    """Where somebody else was first: what it says now; saving once more is then no surprise."""
    if not isinstance(error, ChangedMeanwhile):
        return {}
    form.stamp.data = stamp(Known(offer), page)
    return error.theirs


def to_finish(offer: Offer, buttons: list[Button]) -> list[Button]:
    """Of two ways to make a revision stand, the one that it needs; none where nothing differs."""
    if offer.revision is None:
        return buttons
    changed = changes(offer)
    needs_words = {"Sign off this version", "Send to the director"}
    left_out = needs_words if is_wording(changed) else {"Publish the new wording"}
    if not changed:
        left_out = {"Sign off this version", "Publish the new wording", "Send to the director"}
    return [button for button in buttons if button.label not in left_out]
