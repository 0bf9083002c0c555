"""kill -9 of web processes, and of PostgreSQL, while approvals are under way."""

from __future__ import annotations

import time

from benchmarks.load.served import Postgres, Served
from faults.scene import Scene, kill, workers_of

MOMENTS = [0.02, 0.06, 0.1, 0.15, 0.25]  # seconds after pressing
DOWN = "Please try again in a minute"


def web_process(served: Served, _database: Postgres) -> str:
    """Each approval is pressed, and all web processes are killed a moment later."""
    scene = Scene(served, len(MOMENTS))
    told, before = scene.letters_of_one(), scene.messages()
    served.start("web")
    visitor = scene.coordinator()

    def kill_after(moment: float) -> None:
        time.sleep(moment)
        kill(workers_of(served.processes["web"]))

    for match_id, moment in zip(scene.matches, MOMENTS, strict=True):
        scene.press(visitor, match_id, meanwhile=lambda moment=moment: kill_after(moment))
        served.wait()
    kept = len(scene.approved())
    scene.approve_the_rest(visitor)
    scene.whole()
    assert scene.messages() - before == told * len(MOMENTS), "letters are missing, or too many"
    return f"{len(MOMENTS)} kills, {kept} approvals kept and {len(MOMENTS) - kept} pressed again"


def postgres(served: Served, database: Postgres) -> str:
    """Its first process, and with it all others, a moment after each approval was pressed."""
    moments = MOMENTS[::2]
    scene = Scene(served, len(moments))
    told, before = scene.letters_of_one(), scene.messages()
    served.start("web", "worker")
    visitor = scene.coordinator()

    def kill_after(moment: float) -> None:
        time.sleep(moment)
        database.kill()

    for match_id, moment in zip(scene.matches, moments, strict=True):
        scene.press(visitor, match_id, meanwhile=lambda moment=moment: kill_after(moment))
        visitor.get("a page without a database", "/your-work", expect=503)
        assert DOWN in visitor.page, visitor.page[:300]
        assert served.ask("/ready") == 503
        database.start()
        served.wait()
    kept = len(scene.approved())
    scene.approve_the_rest(visitor)
    assert served.processes["worker"].poll() is None, "the worker did not outlive it"
    scene.whole()
    assert scene.messages() - before == told * len(moments), "letters are missing, or too many"
    return f"{len(moments)} kills, {kept} approvals kept and {len(moments) - kept} pressed again"
