"""What can be said of the units, the script and the Containerfile without starting anything."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.config.secrets import resolve
from monitor.settings import Web

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(path.name for path in DEPLOY.glob("*.service"))
SAME = "# From here on the same in all units"
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def settings(name: str) -> list[tuple[str, str]]:
    lines = (DEPLOY / name).read_text().splitlines()
    return [(key, value) for key, equals, value in (line.partition("=") for line in lines) if equals and key[0] != "#"]


def walls(name: str) -> list[str]:
    """The last part of the unit's settings, which is the same everywhere."""
    text = (DEPLOY / name).read_text()
    return text[text.index(SAME) :].split("\n[Install]")[0].strip().splitlines()[1:]


@needs_systemd
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    for path in DEPLOY.glob("monitor*.*"):
        text = path.read_text().replace("/opt/monitor/bin/monitor", "/usr/bin/true")
        (tmp_path / path.name).write_text(text)
    units = [str(path) for path in tmp_path.iterdir()]
    found = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_exposure_is_small(name: str) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=11", str(DEPLOY / name)]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout.splitlines()[-1]


def test_all_units_have_the_same_walls() -> None:
    assert len(walls("monitor.service")) > 25
    assert {name: walls(name) for name in SERVICES} == dict.fromkeys(SERVICES, walls("monitor.service"))


def test_all_units_share_one_user_and_one_folder() -> None:
    for name in SERVICES:
        assert {("DynamicUser", "yes"), ("User", "monitor"), ("StateDirectory", "monitor")} <= set(settings(name))


def test_a_timer_starts_each_service_but_those_that_run_all_the_time() -> None:
    timers = {path.stem for path in DEPLOY.glob("*.timer")}
    assert timers == {Path(name).stem for name in SERVICES} - {"monitor", "monitor-web"}


def test_the_page_has_the_socket_that_it_is_handed_and_no_other_network() -> None:
    for name in ("monitor-web.service", "monitor-web.socket"):
        assert {("IPAddressDeny", "any"), ("IPAddressAllow", "localhost")} <= set(settings(name))
    assert {("PrivateNetwork", "yes"), ("RestrictAddressFamilies", "AF_UNIX")} <= set(settings("monitor-web.service"))
    assert ("Requires", "monitor-web.socket") in settings("monitor-web.service")
    assert ("ListenStream", Web().listen) in settings("monitor-web.socket")


@needs_systemd
def test_the_pages_exposure_is_smaller_still() -> None:
    unit = str(DEPLOY / "monitor-web.service")
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=3", unit]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout.splitlines()[-1]


def test_the_backup_has_no_network() -> None:
    assert {("PrivateNetwork", "yes"), ("IPAddressDeny", "any")} <= set(settings("monitor-backup.service"))


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize(
    "script", [DEPLOY / "install.sh", Path(__file__).parent / "boot.sh"], ids=lambda path: path.name
)
def test_scripts_are_clean(script: Path) -> None:
    found = subprocess.run(["shellcheck", str(script)], capture_output=True, text=True)
    assert found.stdout == ""


def test_the_script_installs_every_unit() -> None:
    named = re.search(r"ALL_UNITS='([^']*)'", (DEPLOY / "install.sh").read_text())
    assert named
    assert set(named[1].split()) == {path.name for path in DEPLOY.glob("monitor*.*")}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--purge"], "goes with --uninstall only"),
        (["--what"], "unknown option --what"),
        (["--prefix"], "--prefix needs a value"),
    ],
)
def test_the_script_refuses_what_it_does_not_understand(options: list[str], words: str) -> None:
    found = subprocess.run(["sh", str(DEPLOY / "install.sh"), *options], capture_output=True, text=True)
    assert found.returncode == 1
    assert words in found.stderr


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("systemctl"), reason="needs root and systemd")
@pytest.mark.parametrize(
    "prefix", ["/root/monitor", "/home/me/monitor", "monitor", "/", "/opt", "/usr/bin", "/opt/a b"]
)
def test_the_script_refuses_a_prefix_that_cannot_work(prefix: str) -> None:
    command = ["sh", str(DEPLOY / "install.sh"), "--no-start", "--prefix", prefix]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 1
    assert prefix in found.stderr or "--prefix" in found.stderr


def test_the_container_is_not_root_and_keeps_its_data() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    last = text[text.rindex("FROM ") :]
    for instruction in ("USER 10001", "VOLUME", "HEALTHCHECK", "STOPSIGNAL SIGTERM", 'ENTRYPOINT ["monitor"]'):
        assert f"\n{instruction}" in last
    assert last.index("USER ") > last.index("RUN "), "what needs root comes before"
    for source in re.findall(r"^COPY (?!--from)(\S+)", text, re.MULTILINE):
        assert (DEPLOY.parent / source).exists()


@pytest.mark.parametrize(("seconds", "code"), [(5, 0), (300, 1), (None, 1)])
def test_the_health_check_asks_for_the_last_tick(tmp_path: Path, seconds: int | None, code: int) -> None:
    database = tmp_path / "monitor.db"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        if seconds is not None:
            connection.execute("INSERT INTO meta VALUES ('last_tick', ?)", [f"{time.time() - seconds:.0f}"])
    command = [sys.executable, str(DEPLOY / "healthcheck.py")]
    found = subprocess.run(command, env={"STATE_DIRECTORY": str(tmp_path)}, capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (code, "")


def test_the_health_check_fails_without_a_database(tmp_path: Path) -> None:
    command = [sys.executable, str(DEPLOY / "healthcheck.py"), str(tmp_path / "none.db")]
    assert subprocess.run(command, capture_output=True).returncode == 1


@pytest.mark.parametrize("file", ["smtp", "secrets_smtp"])
def test_a_secret_is_found_alone_and_from_a_whole_folder(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("s3cret\n")
    assert resolve("${credential:smtp}", environ={"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "s3cret"
