"""Two processes at one search: what one finds the other takes over, and none is left behind."""

import os
import random
import time
from collections.abc import Sequence

import numpy as np
import pytest

from benchmarks.instances import round_json as large_round
from broker.matching import beside, bundling
from broker.matching.beside import Beside, Board
from broker.matching.check import problems
from broker.matching.choices import Choices, Room, choices_of
from broker.matching.commit import Settings, commit
from broker.matching.crossing import crossed
from broker.matching.instance import Measure
from broker.matching.market import Bundle, Market, market_of
from broker.matching.reading import read_instance
from broker.matching.rounding import keeps


def two_cores(process_id: int) -> set[int]:
    return {0, 1}


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of second processes, whatever machine this is."""
    begun: list[int] = []
    fork = os.fork

    def noted() -> int:
        begun.append(fork())
        return begun[-1]

    monkeypatch.setattr(beside.os, "fork", noted)
    monkeypatch.setattr(beside.os, "sched_getaffinity", two_cores)
    return begun


def is_gone(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return False


def some_plan(choices: Choices, market: Market, order: Sequence[int]) -> list[Bundle]:
    room, taken = Room(choices), []
    for number in order:
        if room.fits(number):
            room.take(number)
            taken.append(number)
    return market.bundles(taken)


def expect_it_fits(choices: Choices, taken: Sequence[int]) -> None:
    room = Room(choices)
    for number in taken:
        assert room.fits(number)
        room.take(number)


def test_a_crossed_plan_holds_and_is_worth_at_least_as_much_as_either() -> None:
    better = 0
    for seed in range(4):
        choices = choices_of(read_instance(large_round(20, 70, seed=seed)), seed)
        market = market_of(choices, Measure.POINTS, np.ones(choices.size, np.bool_), {})
        chance, order = random.Random(seed), np.argsort(-choices.worth, kind="stable").tolist()
        for _ in range(12):
            one = some_plan(choices, market, order)
            for at in chance.sample(range(len(order)), 3):  # a neighbour: some come first
                order.insert(0, order.pop(at))
            other = some_plan(choices, market, order)
            both = crossed(market, one, other)
            most = max(market.total(one), market.total(other))
            assert market.total(both) >= most and keeps(market, both)
            expect_it_fits(choices, market.choices(both))
            better += market.total(both) > most
    assert better  # it is more than the better one of the two


def test_the_second_process_reads_and_writes_plans_and_is_ended(second: list[int]) -> None:
    pair = Beside(5)

    def work() -> None:
        while True:
            found = pair.theirs.read()
            if found:
                pair.ours.write([*found, 9])

    pair.begin(work)
    pair.ours.write([1, 2])
    found = None
    while found is None:
        found = pair.theirs.read()
    assert found == [1, 2, 9]
    assert pair.theirs.read() is None
    pair.end()
    assert is_gone(second[0])


def test_a_board_in_use_by_the_other_is_left_for_later() -> None:
    board = Board(2)
    with board._lock:
        assert not board.write([1])
        assert board.read() is None
    assert board.write([1])
    with board._lock:
        assert board.read() is None
    assert board.read() == [1]


def test_nothing_is_begun_on_a_single_core(
    second: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside.os, "sched_getaffinity", lambda _: {0})
    pair = Beside(1)
    pair.begin(lambda: None)
    pair.end()
    assert second == []


def test_it_notices_when_it_is_left_alone(second: list[int]) -> None:
    """Its starter is killed: a process in between, whose end the second one writes down."""
    board = Board(1)
    starter = os.fork()
    if not starter:
        pair = Beside(1)

        def work() -> None:
            while not pair.is_left_alone():
                time.sleep(0.001)
            board.write([7])

        pair.begin(work)
        os.kill(os.getpid(), 9)
    os.waitpid(starter, 0)
    while board.read() is None:
        time.sleep(0.001)


def test_only_the_first_process_reports_and_is_asked_and_no_process_stays(
    second: list[int],
) -> None:
    """Whoever hears of progress may use a database, which no second process may touch."""
    me, asked, board = os.getpid(), set[int](), Board(1)
    began: list[float] = []

    def note(*_: object) -> bool:
        asked.add(os.getpid())
        if os.getpid() != me:
            board.write([1])
        if second and not began:
            began.append(time.monotonic())
        return bool(began) and time.monotonic() > began[0] + 0.5

    instance = read_instance(large_round(30, 100, seed=1))
    plan = commit(instance, Settings(gap=0.0), progress=note, should_stop=note)
    assert problems(instance, plan) == []
    assert asked == {me} and board.read() is None
    assert second and all(map(is_gone, second))


def test_what_the_second_process_finds_is_in_the_plan(
    second: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one searches no block of its own here: what betters its plan came from beside."""
    me, by_blocks = os.getpid(), bundling.Bundling._by_blocks
    taken: list[float] = []

    def beside_alone(self: bundling.Bundling, *given: object, **named: int) -> None:
        if os.getpid() != me:
            by_blocks(self, *given, **named)  # type: ignore[arg-type]
        else:
            before = self.market.total(self.plan)
            while self.market.total(self.plan) == before and not self._is_over():
                self._exchange()
            taken.append(self.market.total(self.plan) - before)

    monkeypatch.setattr(bundling.Bundling, "_by_blocks", beside_alone)
    monkeypatch.setattr(bundling, "DIVING_TIME", 0.0)
    instance = read_instance(large_round(30, 100, seed=1))
    plan = commit(instance, Settings(gap=0.0), should_stop=lambda: bool(taken))
    assert problems(instance, plan) == [] and max(taken) > 0
