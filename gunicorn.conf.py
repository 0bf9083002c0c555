"""How the pages are served. gunicorn reads this by itself where it is started in this folder.

The application is loaded once, in live mode with every template compiled, and the processes that
answer begin as copies of it: they share that memory, and none makes its first visitors wait.
"""

import gc
import os
from typing import Any

from broker.db import db

workers = int(os.environ.get("WEB_CONCURRENCY", "4"))  # two for each core; see docs/capacity.md
threads = 4
timeout = 60
graceful_timeout = 20
loglevel = "warning"
preload_app = True


def when_ready(server: Any) -> None:
    """Before the processes that answer are begun."""
    app = server.app.wsgi()
    if app.config["SETTINGS"].is_live:
        for name in app.jinja_env.list_templates(extensions=["html"]):
            app.jinja_env.get_template(name)
    with app.app_context():
        db.engine.dispose()  # a connection is nobody's but its process's
    gc.collect()
    gc.freeze()  # what was loaded stays shared: nothing looks through it again


def post_fork(server: Any, worker: Any) -> None:
    """A page makes some ten thousand objects and drops them: look for what is left now and then."""
    gc.set_threshold(50_000, 20, 10)
