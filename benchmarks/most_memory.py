"""Run a `flask` command and print, on its own last line, the most memory it used in megabytes.

What the system tells a parent of its child begins with the parent's own size, so the command must
say it of itself.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from flask.cli import main


def most_memory() -> float:
    """The process' peak resident size, in megabytes (Linux)."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    try:
        main()
    finally:
        sys.stdout.write(f"{most_memory():.1f}\n")
