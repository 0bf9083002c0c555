"""A full disk under SQLite: a small one of its own (tmpfs, so this needs root), filled up."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load.served import Postgres, Served
from faults.scene import Scene

SIZE = "256m"


def full(served: Served, _database: Postgres) -> str:
    """People read on and are told; with room again, what they press counts."""
    with _small_disk(served.folder / "small") as disk:
        on_sqlite = Served(f"sqlite:///{disk / 'exchange.sqlite'}", served.folder)
        scene = Scene(on_sqlite, 3)
        told, before = scene.letters_of_one(), scene.messages()
        on_sqlite.start("web")
        try:
            visitor = scene.coordinator()
            filler = _filled(disk)
            for match_id in scene.matches:
                scene.press(visitor, match_id, meanwhile=lambda: None)
            said = visitor.log.errors.get("approve", [])
            assert len(said) == len(scene.matches) and all(": 503 " in one for one in said), said
            assert visitor.get("a match", f"/matches/{scene.matches[0]}"), "reading goes on"
            assert scene.approved() == set()
            filler.unlink()
            scene.approve_the_rest(visitor)
        finally:
            on_sqlite.stop()
        scene.whole()
        assert scene.messages() - before == told * len(scene.matches)
    return f"{len(said)} presses refused with a page that says so, then all of them counted"


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount, unmount = shutil.which("mount") or "mount", shutil.which("umount") or "umount"
    subprocess.run([mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run([unmount, "--lazy", folder], check=True)


def _filled(disk: Path) -> Path:
    """A file that takes every byte that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as writing:
        for block in (1024 * 1024, 4096, 1):
            try:
                while writing.write(b"x" * block):
                    pass
            except OSError:  # no room for another of this size
                continue
    return filler
