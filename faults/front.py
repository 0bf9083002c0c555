"""nginx before the exchange, as deploy/nginx.conf sets it up, without the certificate."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.load.served import SITE, Served
from broker.config import ROOT

AROUND = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{servers} }}
"""


@contextmanager
def front(served: Served) -> Iterator[int]:
    """The port that it listens on. RuntimeError where nginx is not installed."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if program is None:
        raise RuntimeError("nginx is not installed: apt-get install nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    conf = served.folder / "nginx.conf"
    conf.write_text(AROUND.format(folder=served.folder, servers=_servers(served, port)))
    running = subprocess.Popen([program, "-c", str(conf), "-p", str(served.folder)])
    try:
        _wait(port)
        yield port
    finally:
        running.terminate()
        running.wait(20)


def _servers(served: Served, port: int) -> str:
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    secure = text[text.index("server {", text.index("return 301")) :]
    plain = re.sub(r"^ *(listen|ssl_\w+) .*\n", "", secure, flags=re.M)
    plain = plain.replace("server {", f"server {{ listen 127.0.0.1:{port};", 1)
    named = plain.replace("exchange.example.org", SITE)
    return named.replace("127.0.0.1:8000", f"127.0.0.1:{served.port}")


def _wait(port: int) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("nginx does not answer")
