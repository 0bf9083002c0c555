"""`python benchmarks/run.py` from anywhere: the same as `python -m benchmarks` from the root."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

if __name__ == "__main__":
    from benchmarks.__main__ import main

    main(sys.argv[1:])
