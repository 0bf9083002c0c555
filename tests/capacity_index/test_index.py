"""The capacity index: who may know of what, and who within reach could help."""

from __future__ import annotations

from flask import Flask

from broker.capacity_index.queries import Index, index_of
from broker.db import db, transaction
from broker.models.authority import Region
from broker.models.need import Need, Wish
from broker.models.person import Role
from broker.needs import actions as needs
from tests import make, people
from tests.client import PageClient
from tests.make import DAY

ADDRESS = "/capacity-index"


def _read(name: str, *, for_board: bool = False) -> Index:
    region = db.session.get_one(Region, people.region(people.NORTH_WEST).id)
    return index_of(region, people.person(name), for_board=for_board)


def _neighbour() -> None:
    """Another director of the region, of an authority that has no needs."""
    people.add("neighbour", Role.DIRECTOR, authority=people.authority("Salford"))


def test_a_need_is_named_to_whom_sees_it_and_released_without_a_name(app: Flask) -> None:
    _neighbour()
    for number, until in enumerate(("private", "in_confidence", "submitted", "open")):
        make.need(title=f"Kept {until} {number}", days=2 * DAY, until=until)
    told = make.need(title="Released", days=2 * DAY)
    told.releases_region = True
    db.session.flush()
    mine = {want.title: want.whose for want in _read("coordinator").wants}
    assert mine == dict.fromkeys(["Kept submitted 2", "Kept open 3", "Released"], "Wirral")
    for index in (_read("neighbour"), _read("coordinator", for_board=True)):
        assert [(w.title, w.whose, w.need_id) for w in index.wants] == [
            ("Released", "An authority of the region", None)
        ]
        assert not any(place.wants or place.working for place in index.places)


def _reach(name: str, need: Need) -> tuple[int, str, tuple[str, ...]]:
    [want] = [want for want in _read(name).wants if want.title == need.title]
    return want.reach.providers, want.reach.nearest.partition(",")[0], want.reach.why


def test_reach_follows_the_matcher_and_gives_no_wish_away(app: Flask) -> None:
    _neighbour()
    need = make.need(days=2 * DAY)
    need.releases_region = True
    assert _reach("coordinator", need)[2] == ("No published offer covers its themes.",)
    make.offer()
    [why] = _reach("neighbour", need)[2]
    assert "does not have 2 days free" in why
    make.capacity({make.next_quarter(): 9 * DAY})
    assert _reach("coordinator", need) == (1, "Leeds", ())
    leeds, lead = people.authority("Leeds"), people.person("receiver_lead")
    wary = make.need(title="Wary", days=2 * DAY, until="private")
    needs.speak_of(wary, leeds, wish=Wish.AVOIDED, reason="A quarrel", by=lead)
    needs.submit(wary, by=people.person("receiver"))
    make.opened(wary).releases_region = True
    assert _reach("coordinator", wary)[0] == 0
    assert _reach("neighbour", wary) == (1, "", ())


def test_a_director_reads_and_prints_it(app: Flask, client: PageClient) -> None:
    with transaction():
        make.capacity({make.next_quarter(): 9 * DAY})
        make.begun()
        for number in range(2):
            make.need(title=f"Wanted {number}", days=2 * DAY)
    page = client.sign_in("receiver").get(ADDRESS)
    assert "Wanted 1" in page and "Wirral" in page and "Works on" in page
    with client.counting() as few:
        client.browser.get(ADDRESS)
    with transaction():
        for number in range(2, 5):
            make.need(title=f"Wanted {number}", days=2 * DAY)
    with client.counting() as many:
        client.browser.get(ADDRESS)
    assert len(many) == len(few)
    board = client.get(f"{ADDRESS}?for=board")
    assert "Wanted 1" not in board and "Works on" not in board
    assert "No authority has these words" in client.get(f"{ADDRESS}?q=zzz")
    file = client.browser.get(f"{ADDRESS}/wants.csv").get_data(as_text=True)
    assert "Wirral,Wanted 0," in file
