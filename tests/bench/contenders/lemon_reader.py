"""The PyPI package `reader`: python lemon_reader.py DATABASE URLS [add]."""

import sys
from pathlib import Path

from reader import make_reader

reader = make_reader(sys.argv[1])
if "add" in sys.argv[3:]:
    for url in Path(sys.argv[2]).read_text().split():
        reader.add_feed(url)
else:
    reader.update_feeds(scheduled=False, workers=10)
    counts = reader.get_entry_counts()
    print(counts.total)
