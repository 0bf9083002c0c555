"""kill -9 of web processes, and of PostgreSQL, while approvals are under way."""

from __future__ import annotations

import time

from benchmarks.load.served import Postgres, Served
from benchmarks.load.visitor import Visitor
from faults.scene import Scene, kill, workers_of

SHARES = [0.1, 0.5, 0.9, 1.0, 1.2, 3.0]  # of the time that a press takes, when it is killed
DOWN = "Please try again in a minute"


def seconds_of_a_press(scene: Scene, visitor: Visitor) -> float:
    """How long the first approval takes to be answered, which nothing disturbs."""
    scene.press(visitor, scene.matches[0], meanwhile=lambda: None)
    return visitor.log.taken["approve"][0] / 1000


def web_process(served: Served, _database: Postgres) -> str:
    """Each approval is pressed, and all web processes are killed a moment later."""
    scene = Scene(served, 1 + len(SHARES))
    told, before = scene.letters_of_one(), scene.messages()
    served.start("web")
    visitor = scene.coordinator()
    usual = seconds_of_a_press(scene, visitor)

    def kill_after(moment: float) -> None:
        time.sleep(moment)
        kill(workers_of(served.processes["web"]))

    for match_id, share in zip(scene.matches[1:], SHARES, strict=True):
        scene.press(visitor, match_id, meanwhile=lambda share=share: kill_after(share * usual))
        served.wait()
    kept = len(scene.approved()) - 1
    scene.approve_the_rest(visitor)
    scene.whole()
    assert scene.messages() - before == told * len(scene.matches), "letters are missing or too many"
    return f"{len(SHARES)} kills, {kept} approvals kept and {len(SHARES) - kept} pressed again"


def postgres(served: Served, database: Postgres) -> str:
    """Its first process, and with it all others, a moment after each approval was pressed."""
    shares = SHARES[1::2]
    scene = Scene(served, 1 + len(shares))
    told, before = scene.letters_of_one(), scene.messages()
    served.start("web", "worker")
    visitor = scene.coordinator()
    usual = seconds_of_a_press(scene, visitor)

    def kill_after(moment: float) -> None:
        time.sleep(moment)
        database.kill()

    for match_id, share in zip(scene.matches[1:], shares, strict=True):
        scene.press(visitor, match_id, meanwhile=lambda share=share: kill_after(share * usual))
        visitor.get("a page without a database", "/your-work", expect=503)
        assert DOWN in visitor.page, visitor.page[:300]
        assert served.ask("/ready") == 503
        database.start()
        served.wait()
    kept = len(scene.approved()) - 1
    scene.approve_the_rest(visitor)
    assert served.processes["worker"].poll() is None, "the worker did not outlive it"
    scene.whole()
    assert scene.messages() - before == told * len(scene.matches), "letters are missing or too many"
    return f"{len(shares)} kills, {kept} approvals kept and {len(shares) - kept} pressed again"
