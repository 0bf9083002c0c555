"""Clients that mean harm, or have a bad line."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import repeat
from time import sleep

from benchmarks.load.served import SITE, Postgres, Served
from benchmarks.load.visitor import Log, Visitor
from faults.front import front
from faults.scene import PASSWORD, Scene
from tests import people

GUESSES, NETWORKS, AT_ONCE = 10_000, 200, 8
SLOW, BYTES = 200, 30  # clients, and bytes that each sends in its own time
HUNDRED_MB, BLOCK = 100 * 1024 * 1024, 64 * 1024
HEAD = f"POST /sign-in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: 1000\r\n\r\n".encode()
BROKEN = (
    ("multipart/form-data", b"--edge\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("multipart/form-data; boundary=edge", b"--edge\r\nContent-Disposition: form-data\r\n\r\nx"),
    ("multipart/form-data; boundary=edge", b"--edge\r\n" + b"\xff\x00" * 500),
    ("multipart/form-data; boundary=edge", b'--edge\r\nContent-Disposition: form-data; name="a'),
    ("multipart/form-data; boundary=edge", b"--edge" * 20_000),
)


def guesses(served: Served, _database: Postgres) -> str:
    """Ten thousand wrong passwords for one account; its owner comes in all the while."""
    scene = Scene(served, 1)
    served.start("web")
    owner = scene.coordinator()
    owner.log = Log()
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        each = crowd.map(lambda number: _guess(served.port, number), range(NETWORKS))
        answers: Counter[int] = sum(each, Counter())
    assert answers.total() == GUESSES and set(answers) <= {422, 429}, answers
    owner.cookies = {name: kept for name, kept in owner.cookies.items() if "device" in name}
    typed = {"email": people.address("coordinator"), "password": PASSWORD}
    owner.get("sign-in page", "/sign-in")
    assert owner.send("sign in", "/sign-in", typed), owner.log.errors
    scene.whole()
    return f"{answers[429]:,} told to wait, {answers[422]} told it was wrong, and the owner came in"


def _guess(port: int, number: int) -> Counter[int]:
    """What one network was answered."""
    visitor = Visitor(port, f"198.51.{number}.7", Log())
    visitor.get("sign-in page", "/sign-in")
    page, seen = visitor.page, Counter[int]()
    for guess in range(GUESSES // NETWORKS):
        visitor.page = page
        typed = {"email": people.address("coordinator"), "password": f"guess {guess}"}
        seen[visitor.answered("/sign-in", typed)] += 1
    return seen


def slow(served: Served, _database: Postgres) -> str:
    """Some send a byte at a time, through the web server in front; all others are served."""
    scene = Scene(served, 2)
    served.start("web")
    with front(served) as port:
        visitor = scene.coordinator()
        visitor.port = port
        lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW)]
        for at in range(BYTES):
            for line in lines:
                line.sendall(HEAD[at : at + 1])
            sleep(0.1)
            assert visitor.get("a page", "/your-work"), visitor.log.errors
        scene.approve_the_rest(visitor)
        for line in lines:
            line.close()
    taken = max(visitor.log.taken["a page"])
    scene.whole()
    return f"{SLOW} at a byte a time; the slowest of {BYTES} pages meanwhile took {taken:.0f} ms"


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
