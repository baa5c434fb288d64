"""The PyPI package `reader`: python lemon_reader.py DATABASE URLS [add]."""

import sys
from pathlib import Path

from reader import make_reader

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.bench.contenders.clock import measured

reader = make_reader(sys.argv[1])
if "add" in sys.argv[3:]:
    for url in Path(sys.argv[2]).read_text().split():
        reader.add_feed(url)
else:
    reader.get_feed(next(iter(reader.get_feeds())))  # so that lazy set-up is not measured
    with measured():
        reader.update_feeds(scheduled=False, workers=10)
