"""Shortlists of a need by audience, side by side and as a file; and an offer's needs."""

from __future__ import annotations

import csv
import io

import pytest

from broker.db import db, transaction
from broker.models.match import Origin, Suggestion, SuggestionState
from broker.models.need import Need, NeedPartner, Wish
from tests import make, people
from tests.client import PageClient
from tests.make import DAY


def _need_with_offers(*titles: str, **more: object) -> int:
    make.capacity()
    for title in titles:
        make.offer(title=title)
    made = make.need(**{"days": 8 * DAY, **more})
    return made.id


def test_a_shortlist_says_why_an_offer_fits_and_what_keeps_another_out(client: PageClient) -> None:
    with transaction():
        need_id = _need_with_offers("Fits well")
        make.offer(title="Too small", most=2 * DAY)
        db.session.get_one(Need, need_id).days_least = 8 * DAY
    page = client.sign_in("receiver").get(f"/needs/{need_id}/shortlist")
    assert "Fits well" in page and "of 1,000 points" in page and "Fits on" in page
    assert "km away" in page and "statistical neighbour" in page and "Free days by quarter" in page
    assert "1 left out, and why" in page and "What would change it" in page
    assert "No offer is being considered so far" in page
    client.press("Ask to talk")
    assert "/ask" in client.response.request.path


def test_up_to_four_stand_side_by_side_at_an_address_that_keeps_them(client: PageClient) -> None:
    with transaction():
        need_id = _need_with_offers("One", "Two", "Three", "Four", "Five")
    address = f"/needs/{need_id}/shortlist"
    chosen = "&".join(f"compare={number}" for number in (1, 2, 3))
    page = client.sign_in("receiver").get(f"{address}?{chosen}&q=o&sort=near")
    assert "To compare: 3 of 4" in page
    assert "compare=1&amp;compare=2&amp;compare=3&amp;compare=4" in page
    page = client.get(f"{address}/compare?offer=4&offer=2&offer=1&offer=3&offer=5")
    assert page.index(">Four<") < page.index(">Two<") < page.index(">One<") < page.index(">Three<")
    assert ">Five<" not in page
    client.press("Ask to talk")
    page = client.get(f"{address}/compare?offer=999&offer=x&offer=1")
    assert "One of those chosen is not on this shortlist now" in page
    client.sign_in("coordinator").get(f"{address}/compare?offer=1&offer=3")
    client.sign_in("far_coordinator").get(f"{address}/compare?offer=1", expect=404)
    client.sign_in("giver").get(f"{address}.csv", expect=404)


def test_an_avoided_provider_reads_not_available_to_all_but_the_coordinator(
    client: PageClient,
) -> None:
    with transaction():
        need_id = _need_with_offers("Fits well")
        db.session.add(
            NeedPartner(need_id=need_id, authority=people.authority("Leeds"), wish=Wish.AVOIDED)
        )
    page = client.sign_in("receiver").get(f"/needs/{need_id}/shortlist")
    assert "Not available" in page and "What would change it" not in page
    page = client.sign_in("coordinator").get(f"/needs/{need_id}/shortlist")
    assert "Not available" not in page and "What would change it" in page


def test_a_need_in_confidence_is_shortlisted_without_naming_its_authority(
    client: PageClient,
) -> None:
    with transaction():
        need_id = _need_with_offers("Fits well", until="in_confidence")
    page = client.sign_in("coordinator").get(f"/needs/{need_id}/shortlist")
    assert "Fits well" in page and "in confidence" in page and "Wirral" not in page
    assert "Wirral" not in client.get(f"/needs/{need_id}/shortlist/compare?offer=1")
    assert "Wirral" not in client.get(f"/needs/{need_id}/shortlist.csv")


def test_the_file_holds_the_list_as_searched_in_its_order(client: PageClient) -> None:
    with transaction():
        need_id = _need_with_offers("=Cover", "Front door")
    text = client.sign_in("receiver").get(f"/needs/{need_id}/shortlist.csv?q=cover")
    [row] = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert row["title"] == "'=Cover" and row["provider"] == "Leeds"
    assert row["fits"].startswith("Fits on") and "Q" in row["free_days"]


def test_a_coordinator_suggests_from_the_shortlist_and_does_not_ask(client: PageClient) -> None:
    with transaction():
        need_id = _need_with_offers("Fits well")
    client.sign_in("coordinator").get(f"/needs/{need_id}/shortlist")
    client.press("Suggest it")
    with transaction():
        [suggestion] = db.session.query(Suggestion).all()
        assert suggestion.origin is Origin.COORDINATOR
        assert suggestion.state is SuggestionState.MADE and suggestion.reasons


def test_an_offer_is_told_of_needs_only_in_the_shape_that_was_released(client: PageClient) -> None:
    with transaction():
        make.capacity()
        offer_id = make.offer(title="Ours").id
        for title, until, releases in [
            ("Kept back", "open", False),
            ("A private worry", "private", True),
            ("Handed in", "submitted", True),
            ("Looking for help", "open", True),
        ]:
            need = make.need(title=title, until=until)
            db.session.get_one(Need, need.id).releases_region = releases
    page = client.sign_in("giver").get(f"/offers/{offer_id}/needs")
    assert "Looking for help" in page and "North West" in page
    assert not any(title in page for title in ("Kept back", "A private worry", "Handed in"))
    for telling in ("Wirral", " km", "neighbour", "points", "deprivation", "as many children"):
        assert telling not in page, telling
    client.sign_in("receiver").get(f"/offers/{offer_id}/needs", expect=404)


@pytest.mark.parametrize("wish", [Wish.AVOIDED, Wish.PREFERRED])
def test_a_receivers_wishes_change_nothing_on_the_providers_page(
    client: PageClient, wish: Wish
) -> None:
    with transaction():
        make.capacity()
        offer_id = make.offer(title="Ours").id
        need = make.need(title="Looking for help")
        need.releases_region = True
    before = client.sign_in("giver").get(f"/offers/{offer_id}/needs")
    with transaction():
        place = people.authority("Leeds")
        db.session.add(NeedPartner(need_id=need.id, authority=place, wish=wish))
    after = client.get(f"/offers/{offer_id}/needs")
    assert _results(before) == _results(after)


def _results(page: str) -> str:
    return page[page.index('<ul class="app-cards">') : page.index("To be found by more")]


def test_a_shortlist_asks_the_same_number_of_questions_for_many_offers(
    client: PageClient,
) -> None:
    with transaction():
        need_id = _need_with_offers("One", "Two", "Three")
    counts = []
    for more in (0, 20):
        with transaction():
            for number in range(more):
                make.offer(title=f"Further {number}")
        client.sign_in("receiver")
        with client.counting() as seen:
            client.get(f"/needs/{need_id}/shortlist?compare=1&compare=2")
        counts.append(len(seen))
    assert counts[0] == counts[1], counts
