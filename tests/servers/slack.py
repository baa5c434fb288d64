"""Sends to an unmodified slack:// URL and shows what Slack's host would have got.

Run as root by `unshare --net --mount python -m tests.servers.slack`: in its own network and mount namespaces
hooks.slack.com is this machine, with a certificate that only this process trusts. Reads a list of jobs (rendered
messages, and what is answered) as JSON from standard input; writes what arrived, and what the sender said, as JSON.
"""

import asyncio
import fcntl
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import trustme

from monitor.alert.send import Sender
from monitor.alert.shape import Message
from monitor.errors import SendError
from monitor.settings import Channel
from tests.servers.webhook import Answer, Webhook

URL = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def raise_loopback() -> None:
    """Bring up the loopback interface of a fresh network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(control, 0x8914, request)  # SIOCSIFFLAGS


def be_slack(folder: Path) -> ssl.SSLContext:
    """Make hooks.slack.com this machine, and return its certificate."""
    raise_loopback()
    (folder / "hosts").write_text("127.0.0.1 localhost hooks.slack.com\n")
    subprocess.run(["mount", "--bind", str(folder / "hosts"), "/etc/hosts"], check=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "root.pem"))
    os.environ["REQUESTS_CA_BUNDLE"] = str(folder / "root.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.slack.com").configure_cert(context)
    return context


async def send_all(server: Webhook, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send each message by a sender of its own; return what it said and what arrived."""
    outcomes = []
    for job in jobs:
        server.usual = Answer(job["status"], job["body"].encode(), job["headers"])
        sender = Sender({"slack": Channel(url=URL + job.get("suffix", ""))}, str)
        shape = await sender.shape("slack")
        before = len(server.requests)
        try:
            said = {"answer": await sender.send("slack", Message(*job["message"]), key="k")}
        except SendError as error:
            said = {"error": error.reason, "retry_after": error.retry_after}
        arrived = [{"path": request.path, **request.json} for request in server.requests[before:]]
        outcomes.append({**said, "arrived": arrived, "format": shape.format})
    return outcomes


def main() -> None:
    """Do the jobs."""
    with tempfile.TemporaryDirectory() as folder:
        context = be_slack(Path(folder))
        with Webhook(context=context, port=443) as server:
            print(json.dumps(asyncio.run(send_all(server, json.load(sys.stdin)))))
        subprocess.run(["umount", "/etc/hosts"], check=True)


if __name__ == "__main__":
    main()
