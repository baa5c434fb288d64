"""python -m tests.bench.page_server FOLDER NOW: `monitor web` on a free port, with a clock that stands still."""

import os
import sys
from pathlib import Path

from monitor.config import load
from monitor.store import Store
from monitor.web import serve


def main(folder: str, now: str) -> None:
    """Write the port to standard output, and serve until SIGTERM."""
    config = load(Path(folder))
    with Store.open(Path(folder) / "m.db") as store, serve.bound("127.0.0.1:0") as door:
        print(door.getsockname()[1], flush=True)
        serve.answer(config, store, door, environ=os.environ, clock=lambda: float(now))


if __name__ == "__main__":
    main(*sys.argv[1:])
