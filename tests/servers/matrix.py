"""A real Matrix homeserver (matrix-synapse from PyPI) on loopback, with a bot, a reader and a public room.

It is installed once into a virtual environment of its own: in $MONITOR_TEST_CACHE, or in a folder the caller gives.
"""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path
from typing import Any, Self

ROOM = "#alerts:localhost"


def install(cache: Path) -> Path:
    """Return the Python that can run Synapse; the first call installs it."""
    home = cache / "synapse"
    python = home / "bin" / "python"
    if not (home / "installed").exists():
        venv.create(home, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "matrix-synapse"]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)
        (home / "installed").touch()
    return python


class Homeserver:
    """Synapse, to be used in a `with` block."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python = python
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._configure()
        self.start()
        for user in ("bot", "reader"):
            self._register(user)
        self.bot_token = self.login("bot")
        self._reader_token = self.login("reader")
        made = self.call("POST", "createRoom", {"preset": "public_chat", "room_alias_name": "alerts", "name": "alerts"})
        self.room_id = made["room_id"]
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _configure(self) -> None:
        """Let Synapse write its configuration, then keep it on loopback and without limits."""
        app = [str(self._python), "-m", "synapse.app.homeserver", "--server-name", "localhost"]
        app += ["--config-path", "homeserver.yaml", "--generate-config", "--report-stats=no"]
        subprocess.run(app, cwd=self._folder, check=True, capture_output=True, timeout=120)
        path = self._folder / "homeserver.yaml"
        text = path.read_text()
        text = text.replace("port: 8008", f"port: {self.port}\n    bind_addresses: [127.0.0.1]")
        text = text.replace("names: [client, federation]", "names: [client]")
        head, _, _ = text.partition("trusted_key_servers:")
        limits = "{per_second: 1000, burst_count: 1000}"
        path.write_text(
            f"{head}trusted_key_servers: []\nsuppress_key_server_warning: true\nfederation_domain_whitelist: []\n"
            f"presence: {{enabled: false}}\nrc_message: {limits}\nrc_joins: {{local: {limits}}}\n"
            f"rc_login: {{address: {limits}, account: {limits}, failed_attempts: {limits}}}\n"
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [str(self._python), "-m", "synapse.app.homeserver", "-c", "homeserver.yaml"]
        with (self._folder / "synapse.out").open("ab") as out:
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=out, stderr=out)
        until = time.monotonic() + 60
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"http://{self.place}/_matrix/client/versions", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"Synapse did not start: {(self._folder / 'synapse.out').read_text()[-2000:]}")

    def stop(self) -> None:
        """End it, and wait for that."""
        if self._process:
            self._process.terminate()
            self._process.wait(30)

    def _register(self, user: str) -> None:
        command = [str(self._python.parent / "register_new_matrix_user"), "-c", "homeserver.yaml", "-u", user]
        command += ["-p", f"{user}-password", "--no-admin", f"http://{self.place}"]
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True, timeout=60)

    def login(self, user: str) -> str:
        """Return a fresh access token of a user."""
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user},
            "password": f"{user}-password",
        }
        return str(self.call("POST", "login", body, token="")["access_token"])

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Any:
        """Call the client API, as the reader unless a token is given."""
        request = urllib.request.Request(
            f"http://{self.place}/_matrix/client/v3/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
        )
        if bearer := self._reader_token if token is None else token:
            request.add_header("Authorization", f"Bearer {bearer}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def messages(self) -> list[dict[str, Any]]:
        """Return the contents of the room's messages, the oldest first."""
        found = self.call("GET", f"rooms/{self.room_id}/messages?dir=f&limit=500")
        return [event["content"] for event in found["chunk"] if event["type"] == "m.room.message"]


if __name__ == "__main__":
    print(install(Path(sys.argv[1])))
