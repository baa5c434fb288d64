"""The feeds that the contenders poll: made from a seed, served by nginx from distinct loopback addresses."""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

ENTRIES = 30
SYLLABLES = [a + b for a in ("b", "d", "gr", "k", "l", "m", "n", "p", "r", "st", "t", "v", "sh", "tr") for b in "aeiou"]
TOPICS = (
    "troops",
    "border",
    "missile",
    "exercise",
    "brigade",
    "sanctions",
    "airspace",
    "ministry",
    "drills",
    "agreement",
)


def vocabulary(size: int = 3000) -> list[str]:
    """Return made-up words of two to four syllables, with a few topical ones spread among them."""
    draw = random.Random(1)
    words = {"".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))) for _ in range(size)}
    return sorted(words) + list(TOPICS) * 3


@dataclass(frozen=True)
class World:
    """A folder of feeds and the address that serves them."""

    folder: Path
    port: int
    feeds: int

    def urls(self) -> list[str]:
        """Return one URL a feed, each on a loopback address of its own."""
        return [
            f"http://127.0.{1 + number // 250}.{1 + number % 250}:{self.port}/{number}.xml"
            for number in range(self.feeds)
        ]

    def write(self, generation: int) -> None:
        """Write every feed as it stands after `generation` rounds of two new entries."""
        words = vocabulary()
        for number in range(self.feeds):
            path = self.folder / f"{number}.xml"
            path.write_text(feed(number, generation, words))
            # nginx makes its ETag of time and size: each generation needs a time of its own.
            os.utime(path, (1.7e9 + generation, 1.7e9 + generation))


def item(feed_number: int, number: int, words: list[str]) -> str:
    """Return one RSS item of about a kilobyte, the same whenever it is asked for."""
    draw = random.Random(feed_number * 100_003 + number)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    text = draw.choices(words, weights, k=90)
    return (
        f"<item><title>{' '.join(text[:9]).capitalize()}</title>"
        f'<link>http://news{feed_number}.example/{number}</link><guid isPermaLink="false">{feed_number}-{number}</guid>'
        f"<pubDate>{formatdate(1.7e9 + number * 600)}</pubDate><dc:creator>{text[9]}</dc:creator>"
        f"<category>{text[10]}</category>"
        f'<media:content url="http://news{feed_number}.example/{number}.jpg" medium="image"/>'
        f"<description>&lt;p&gt;{' '.join(text[10:50])}.&lt;/p&gt; "
        f"&lt;p&gt;{' '.join(text[50:])}.&lt;/p&gt;</description></item>"
    )


def feed(number: int, generation: int, words: list[str]) -> str:
    """Return a feed of 30 items, the newest first; each generation brings two."""
    newest = ENTRIES + 2 * generation
    items = "\n".join(item(number, one, words) for one in range(newest, newest - ENTRIES, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>Feed {number}</title><link>http://news{number}.example/</link><description>x</description>\n{items}\n</channel></rss>\n"
    )


@contextlib.contextmanager
def served(folder: Path, feeds: int) -> Iterator[World]:
    """Serve `feeds` feeds with nginx on loopback; RuntimeError where there is no nginx."""
    if not shutil.which("nginx"):
        raise RuntimeError("nginx is missing: apt-get install nginx-light")
    (folder / "www").mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; user root;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; types {{ application/rss+xml xml; }} gzip on; gzip_types *; gzip_comp_level 1;\n"
        f"  server {{ listen {port} backlog=1024; root {folder}/www; }} }}\n"
    )
    server = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        yield World(folder / "www", port, feeds)
    finally:
        server.terminate()
        server.wait(10)
