"""A feed and a webhook for the booted machine: `python counterpart.py FILE` appends what comes in to FILE, as JSON.

It serves the same on loopback and on an address of a private network, which nobody in the unit may reach.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LOG = Path(sys.argv[1])
LOCK = threading.Lock()
FEED = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Harbour news</title><link>http://127.0.0.1:8080/</link><description>d</description>
<item><guid>1</guid><title>The swing bridge was closed overnight</title><link>http://127.0.0.1:8080/1</link></item>
<item><guid>2</guid><title>Ferry keeps its timetable</title><link>http://127.0.0.1:8080/2</link></item>
</channel></rss>
"""


class Handler(BaseHTTPRequestHandler):
    """Answers every GET with the feed and takes every POST."""

    def note(self, **what: object) -> None:
        place = self.server.server_address[0]
        with LOCK, LOG.open("a") as out:
            out.write(json.dumps({"at": place, "method": self.command, "path": self.path, **what}) + "\n")

    def do_GET(self) -> None:
        self.note()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.note(body=body, key=self.headers.get("Idempotency-Key"), token=self.headers.get("X-Token"))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


if __name__ == "__main__":
    servers = [ThreadingHTTPServer((address, 8080), Handler) for address in ("127.0.0.1", "10.9.9.9")]
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()
