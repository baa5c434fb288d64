"""A booted copy of this machine; see boot.sh."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def why_not() -> str:
    """Return why no copy can be booted here, or ""."""
    if os.geteuid() != 0:
        return "needs root"
    missing = [name for name in ("unshare", "nsenter", "ip", "systemctl") if not shutil.which(name)]
    if missing:
        return f"needs {', '.join(missing)}"
    if not Path("/lib/systemd/systemd").exists():
        return "needs systemd"
    python = ["/usr/bin/python3", "-c", "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))"]
    if not Path(python[0]).exists() or subprocess.run(python, capture_output=True).returncode:
        return "needs the system's Python, 3.11 or newer, with venv (Debian: python3-venv)"
    if subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"], capture_output=True).returncode:
        return "needs the right to make namespaces"
    return ""


class Lab:
    """Boots on entering, is gone after leaving."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.chmod(0o755)

    def __enter__(self) -> "Lab":
        environ = {**os.environ, "LAB": str(self.folder), "CHECKOUT": str(ROOT)}
        with (self.folder / "boot.log").open("w") as log:
            self.first = subprocess.Popen(
                ["unshare", "--mount", "bash", str(HERE / "boot.sh")], env=environ, stdout=log, stderr=log
            )
        try:
            self.wait(lambda: self.systemd() is not None, within=600)
            self.wait(lambda: self.run("systemctl", "is-system-running").stdout.strip() in {"running", "degraded"})
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.first.kill()  # --kill-child takes systemd with it, and that takes the namespaces
        self.first.wait()

    def systemd(self) -> int | None:
        """Return the process that is PID 1 in there, once it is systemd."""
        if self.first.poll() is not None:
            logs = [
                file.read_text() for file in (self.folder / "boot.log", self.folder / "install.log") if file.exists()
            ]
            raise AssertionError("the boot failed:\n" + "\n".join(logs))
        children = Path(f"/proc/{self.first.pid}/task/{self.first.pid}/children").read_text().split()
        for child in children:
            if Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                return int(child)
        return None

    def wait(self, holds: Callable[[], bool], *, within: float = 30) -> float:
        """Wait until it holds; return the seconds that took."""
        began = time.monotonic()
        while not holds():
            assert time.monotonic() - began < within, f"not within {within} seconds\n{self.journal()[-6000:]}"
            time.sleep(0.1)
        return time.monotonic() - began

    def run(self, *command: str, check: bool = False, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command in there, as root."""
        inside = ["nsenter", "--target", str(self.systemd()), "--all", "--root", "--wd", "env", "-i", f"PATH={PATH}"]
        done = subprocess.run([*inside, *command], capture_output=True, text=True, input=stdin, timeout=120)
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}\n{self.journal()[-6000:]}"
        return done

    def write(self, path: str, text: str, *, mode: str = "644") -> None:
        """Write a file in there."""
        self.run("mkdir", "-p", str(Path(path).parent), check=True)
        self.run("tee", path, check=True, stdin=text)
        self.run("chmod", mode, path, check=True)

    def read(self, path: str) -> str:
        """Read a file in there."""
        return self.run("cat", path, check=True).stdout

    def show(self, unit: str, name: str) -> str:
        """Return a property of a unit."""
        return self.run("systemctl", "show", unit, f"--property={name}", "--value").stdout.strip()

    def journal(self, unit: str = "") -> str:
        """Return the messages of a unit, or all."""
        if self.first.poll() is not None:
            return ""
        return self.run("journalctl", "--no-pager", "-o", "cat", *(["-u", unit] if unit else [])).stdout

    def json(self, path: str) -> dict[str, object]:
        """Read a JSON file in there."""
        found: dict[str, object] = json.loads(self.read(path))
        return found

    def instead(self, script: str, *words: str, settings: str = "") -> None:
        """Let the unit run a script of the tests in place of the monitor."""
        for name in ("daemon/standin.py", "deploy/probe.py"):
            shutil.copy(HERE.parent / name, self.folder)
        command = " ".join(["/opt/monitor/bin/python", f"/run/lab/{script}", *words])
        text = f"[Service]\nExecStart=\nExecStart={command}\n{settings}\n"
        self.write("/etc/systemd/system/monitor.service.d/90-lab.conf", text)
        self.run("systemctl", "daemon-reload", check=True)

    def itself(self, settings: str = "") -> None:
        """Let the unit run the monitor, with these settings in a drop-in."""
        self.write("/etc/systemd/system/monitor.service.d/90-lab.conf", f"[Service]\n{settings}\n")
        self.run("systemctl", "daemon-reload", check=True)
