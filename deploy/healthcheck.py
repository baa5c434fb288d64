"""Ends with 0 if the monitor ticked within the last minute, else with 1; needs nothing but Python.

The daemon writes the time of its last tick into its database: `python healthcheck.py [FILE]`.
"""

import os
import sqlite3
import sys
import time
from pathlib import Path

LIMIT = 60  # seconds


def age(database: Path, now: float) -> float:
    """Return the seconds since the last tick; sqlite3.Error or ValueError where the database does not say."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'last_tick'").fetchone()
    finally:
        connection.close()
    if row is None:
        raise ValueError("there was no tick yet")
    return now - float(row[0])


def main() -> int:
    """Say how old the last tick is."""
    default = Path(os.environ.get("STATE_DIRECTORY", ".")) / "monitor.db"
    database = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    try:
        seconds = age(database, time.time())
    except (sqlite3.Error, ValueError) as error:
        print(f"{database}: {error}")
        return 1
    print(f"the last tick was {seconds:.0f} seconds ago")
    return 0 if abs(seconds) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
