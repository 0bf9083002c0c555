"""Clients that mean harm, or have a bad line."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import repeat

from benchmarks.load.served import SITE, Postgres, Served
from faults.scene import Scene

HUNDRED_MB, BLOCK = 100 * 1024 * 1024, 64 * 1024
BROKEN = (
    ("multipart/form-data", b"--edge\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("multipart/form-data; boundary=edge", b"--edge\r\nContent-Disposition: form-data\r\n\r\nx"),
    ("multipart/form-data; boundary=edge", b"--edge\r\n" + b"\xff\x00" * 500),
    ("multipart/form-data; boundary=edge", b'--edge\r\nContent-Disposition: form-data; name="a'),
    ("multipart/form-data; boundary=edge", b"--edge" * 20_000),
)


def uploads(served: Served, _database: Postgres) -> str:
    """A hundred megabytes, and files that are no files."""
    scene = Scene(served, 1)
    served.start("web")
    visitor = scene.coordinator()
    status, page = _sent(served.port, "multipart/form-data; boundary=edge", HUNDRED_MB, _blocks())
    assert status == 413 and "too" in page, (status, page[:300])
    for kind, body in BROKEN:
        status, page = _sent(served.port, kind, len(body), iter([body]))
        assert status in (400, 413, 422) and "<h1" in page, (kind, status, page[:300])
    scene.approve_the_rest(visitor)
    scene.whole()
    return f"413 for 100 MB; {len(BROKEN)} broken forms refused, each with a page"


def _blocks() -> Iterator[bytes]:
    return repeat(b"x" * BLOCK, HUNDRED_MB // BLOCK)


def _sent(port: int, kind: str, size: int, blocks: Iterator[bytes]) -> tuple[int, str]:
    """What a client that sends on is answered, although the server need not read it all."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    line.putrequest("POST", "/sign-in", skip_host=True)
    for name, value in (("Host", SITE), ("Content-Type", kind), ("Content-Length", str(size))):
        line.putheader(name, value)
    line.endheaders()
    try:
        for block in blocks:
            line.send(block)
    except OSError:  # it has answered and hung up
        pass
    answer = line.getresponse()
    try:
        return answer.status, answer.read().decode()
    finally:
        line.close()
