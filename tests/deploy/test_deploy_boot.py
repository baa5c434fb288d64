"""The unit as install.sh puts it on a machine, under a real systemd as PID 1."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.lab import Lab, why_not

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not() or "can boot")]
STATE = "/var/lib/monitor"


@pytest.fixture(scope="module")
def booted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(booted: Lab) -> Iterator[Lab]:
    """The booted machine, with the monitor stopped and without its data."""
    yield booted
    booted.run("systemctl", "stop", "monitor.service")
    booted.run("sh", "-c", f"rm -rf {STATE}/* /etc/monitor/secrets/*", check=True)
    booted.run("systemctl", "reset-failed", "monitor.service")


def test_installing_three_times_leaves_one_enabled_daemon(lab: Lab) -> None:
    states = {
        unit: lab.run("systemctl", "is-enabled", unit).stdout.strip()
        for unit in ("monitor.service", "monitor-once.timer", "monitor-backup.timer")
    }
    assert states == {"monitor.service": "enabled", "monitor-once.timer": "disabled", "monitor-backup.timer": "enabled"}
    assert lab.run("stat", "-c", "%a %U", "/etc/monitor/secrets").stdout.strip() == "700 root"


def test_the_unit_lets_it_do_its_work_and_nothing_else(lab: Lab) -> None:
    lab.write("/etc/monitor/secrets/smtp", "s3cret\n", mode="600")
    lab.instead("probe.py")
    lab.run("systemctl", "start", "monitor", check=True)
    found = lab.json(f"{STATE}/probe.json")
    assert found.pop("user") > 60000
    assert found.pop("credentials")["secrets_smtp"] == "s3cret"
    assert found.pop("write /etc") in {"EACCES", "EROFS"}
    assert found == {
        "secrets folder": "EACCES",
        "configuration": "read",
        "write state": 1,
        "start from state": "EACCES",
        "limited child": "ok",
        "writable code": "EPERM",
        "loopback": "connected",
        "private network": "timeout",
        "raw packets": "EAFNOSUPPORT",
        "become root": "EPERM",
        "processes": 1,
        "no new privileges": 1,
        "core files": 0,
    }


def test_the_private_address_can_be_reached_from_outside_of_the_unit(lab: Lab) -> None:
    code = "import socket as s; l = s.create_server(('10.9.9.9', 0)); s.create_connection(l.getsockname(), 2)"
    lab.run("/usr/bin/python3", "-c", code, check=True)


def test_it_starts_without_a_folder_of_secrets(lab: Lab) -> None:
    lab.instead("probe.py")
    lab.run("rmdir", "/etc/monitor/secrets", check=True)
    try:
        lab.run("systemctl", "start", "monitor", check=True)
        assert "secrets_smtp" not in lab.json(f"{STATE}/probe.json")["credentials"]
    finally:
        lab.run("install", "-d", "-m", "700", "/etc/monitor/secrets", check=True)


def test_ready_status_reload_and_stop(lab: Lab) -> None:
    lab.instead("standin.py", STATE)
    lab.run("systemctl", "start", "monitor", check=True)
    assert lab.show("monitor", "ActiveState") == "active"
    lab.wait(lambda: lab.show("monitor", "StatusText") == "0 words")
    lab.run("systemctl", "reload", "monitor", check=True)
    lab.wait(lambda: "reload" in lab.read(f"{STATE}/calls"))
    lab.wait(lambda: lab.show("monitor", "ActiveState") == "active")
    began = time.monotonic()
    lab.run("systemctl", "stop", "monitor", check=True)
    assert time.monotonic() - began < 10
    assert lab.show("monitor", "Result") == "success"
    assert lab.read(f"{STATE}/calls").split() == ["start", "reload", "stop", "stopped"]


def test_a_hung_process_is_killed_by_the_watchdog_and_comes_back(lab: Lab) -> None:
    lab.instead("standin.py", STATE, "block-once", settings="WatchdogSec=3s\nRestartSec=100ms")
    lab.run("systemctl", "start", "monitor", check=True)
    took = lab.wait(lambda: lab.show("monitor", "NRestarts") == "1", within=13)
    assert took < 13
    lab.wait(lambda: lab.show("monitor", "StatusText") == "1 words")
    assert lab.read(f"{STATE}/calls").split() == ["start", "block", "start"]
    journal = lab.journal("monitor")
    assert "Watchdog timeout" in journal
    assert "in tick" in journal, "it says where it hung"


def test_a_work_that_does_not_stop_is_cut_off_within_ten_seconds(lab: Lab) -> None:
    lab.instead("standin.py", STATE, "slow-stop")
    lab.run("systemctl", "start", "monitor", check=True)
    began = time.monotonic()
    lab.run("systemctl", "stop", "monitor")
    assert time.monotonic() - began < 11


def test_priorities_reach_the_journal(lab: Lab) -> None:
    lab.instead("probe.py", "raise")
    lab.run("systemctl", "start", "monitor", check=True)
    errors = ("journalctl", "-u", "monitor", "-p", "err", "-o", "cat", "--no-pager")
    lab.wait(lambda: 'msg="the tick failed: a bug in the tick"' in lab.run(*errors).stdout)
    assert "msg=ready" not in lab.run(*errors).stdout


def test_the_file_of_the_unit_is_the_one_of_the_checkout(lab: Lab) -> None:
    assert (
        lab.read("/etc/systemd/system/monitor.service")
        == (Path(__file__).parents[2] / "deploy/monitor.service").read_text()
    )
