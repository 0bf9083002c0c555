"""What a return says of a receiver: that authority reads it first, and its comment travels."""

from __future__ import annotations

import pytest
from flask import Flask

from broker import clock
from broker.db import transaction
from broker.errors import NotAllowed, NotPossible, NotRight
from broker.models.return_ import Return, ReturnState, SectionState
from broker.packs.content import pack_now
from broker.packs.sheets import sheets_of
from broker.returns import actions, sections
from broker.taking import take
from tests import people
from tests.client import PageClient
from tests.returns import walk


def written() -> Return:
    """A return that says something of Wirral."""
    within = walk.partnership()
    walk.day(within)
    with clock.set_to(walk.AFTER):
        return_ = walk.opened()
        by = people.person("giver_lead")
        actions.write(return_, outcomes="Sooner.", by=by)
        sections.write(return_, within.receiver, words="We audited together.", by=by)
        return return_


def test_it_goes_out_once_read_or_after_five_working_days(app: Flask) -> None:
    return_, director = written(), people.person("giver")
    with clock.set_to(walk.AFTER):
        with pytest.raises(NotPossible, match="Show Wirral its section first"):
            actions.certify(return_, by=director)
        assert sections.show(return_, by=director) == 1
        assert sections.show(return_, by=director) == 0
        [section] = return_.sections
        with pytest.raises(NotPossible, match="can go out from 11 January 2027"):
            actions.certify(return_, by=director)
    with clock.set_to(clock.add_working_days(walk.AFTER, 4)), pytest.raises(NotPossible):
        actions.certify(return_, by=director)
    with clock.set_to(clock.add_working_days(walk.AFTER, 5)):
        assert section.may_go_out
        version = actions.certify(return_, by=director)
    assert [one["read_on"] for one in version.content["sections"]] == [None]


def test_other_words_are_shown_again_and_the_days_begin_anew(app: Flask) -> None:
    return_, lead = written(), people.person("giver_lead")
    with clock.set_to(walk.AFTER):
        walk.shown_and_read(return_, by=lead)
        [section] = return_.sections
        sections.write(return_, section.receiver, words="We audited together.", by=lead)
        assert section.state is SectionState.READ
        sections.write(return_, section.receiver, words="Something else.", by=lead)
        assert section.state is SectionState.WRITTEN and section.shown_at is None
        with pytest.raises(NotPossible, match="Show Wirral"):
            actions.certify(return_, by=people.person("giver"))


def test_its_comment_travels_in_the_version_and_in_the_pack(app: Flask) -> None:
    return_ = written()
    with clock.set_to(walk.AFTER):
        sections.show(return_, by=people.person("giver"))
        [section] = return_.sections
        sections.read(section, comment=" =It helped. ", by=people.person("receiver_lead"))
        version = actions.certify(return_, by=people.person("giver"))
        [kept] = version.content["sections"]
        assert (kept["words"], kept["comment"]) == ("We audited together.", "=It helped.")
        rows = {
            name: list(records)
            for name, _, records in sheets_of(pack_now(return_.programme, return_.quarter))
        }["Receiver sections"]
        assert [row.kept["comment"] for row in rows] == ["=It helped."]
        with pytest.raises(NotPossible, match="is certified"):
            sections.read(section, comment="Later.", by=people.person("receiver_lead"))


def test_only_the_receiver_reads_and_only_the_provider_writes(app: Flask) -> None:
    return_ = written()
    with clock.set_to(walk.AFTER):
        sections.show(return_, by=people.person("giver"))
        [section] = return_.sections
        for name in ("giver", "manager", "coordinator", "other", "practitioner"):
            with pytest.raises(NotAllowed):
                sections.read(section, comment="", by=people.person(name))
        for name in ("receiver", "manager", "second_giver"):
            with pytest.raises(NotAllowed):
                sections.write(return_, section.receiver, words="No", by=people.person(name))
        with pytest.raises(NotRight):
            sections.read(section, comment="x" * 2001, by=people.person("receiver"))


@pytest.mark.parametrize(
    ("name", "unshown", "shown"),
    [("giver", 200, 200), ("receiver", 404, 200), ("receiver_lead", 404, 200),
     ("manager", 404, 404), ("other", 404, 404), ("coordinator", 404, 404)],
)  # fmt: skip
def test_who_sees_a_section_before_and_after_it_is_shown(
    app: Flask, client: PageClient, name: str, unshown: int, shown: int
) -> None:
    with transaction():
        return_ = written()
    address = f"/returns/sections/{return_.sections[0].id}"
    with clock.set_to(walk.AFTER):
        client.sign_in(name).get(address, expect=unshown)
        with transaction():
            sections.show(return_, by=people.person("giver"))
        client.get(address, expect=shown)


def test_what_is_being_written_is_the_providers_own(app: Flask, client: PageClient) -> None:
    with transaction():
        return_ = written()
    with clock.set_to(walk.AFTER):
        assert "Sooner." not in client.sign_in("manager").get(f"/returns/{return_.id}")
        assert "We audited" not in client.text
        with transaction():
            walk.certify(return_, by=people.person("giver"))
            take(return_, "reopen", by=people.person("manager"), reason="A slip.")
            actions.write(return_, outcomes="Half a thought", by=people.person("giver"))
        assert return_.state is ReturnState.IN_PROGRESS
        shown = client.get(f"/returns/{return_.id}")
        assert "Children are seen sooner." in shown and "Half a thought" not in shown
        assert "Half a thought" in client.sign_in("giver").get(f"/returns/{return_.id}")
