"""kill -9 of web processes while approvals are under way."""

from __future__ import annotations

import time

from benchmarks.load.served import Postgres, Served
from faults.scene import Scene, kill, workers_of

MOMENTS = [0.02, 0.06, 0.1, 0.15, 0.25]  # seconds after pressing


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
