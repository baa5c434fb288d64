"""The unit as install.sh puts it on a machine, under a real systemd as PID 1."""

import json
import shutil
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


# --- the monitor itself ----------------------------------------------------------------------------------------------

CONFIGURATION = {
    "monitor.yaml": """\
contact: lab@example.org
polling: {min_interval: 1s, first_interval: 1s, host_gap: 0s, backfill: true}
limits: {deadline: 3s}
network: {allow: ["127.0.0.1:8080", "10.9.9.9:8080"]}
metrics: {listen: "127.0.0.1:9464"}
channels:
  hook: {url: "json://127.0.0.1:8080/hook?+X-Token=${credential:hook}"}
""",
    "sources.yaml": """\
sources:
  - {id: harbour, url: "http://127.0.0.1:8080/feed.xml", interval: 2s}
  - {id: walled, url: "http://10.9.9.9:8080/feed.xml", interval: 2s}
""",
    "rules/lab.yaml": """\
rules:
  - {id: bridge, name: A bridge is closed, severity: high, match: {all: [bridge, closed]}}
""",
}
SECRET = "a-secret-of-the-hook"
INCOMING = "/run/incoming"


def received(lab: Lab) -> list[dict[str, object]]:
    return [json.loads(line) for line in lab.run("cat", INCOMING).stdout.splitlines()]


def messages(lab: Lab) -> list[dict[str, object]]:
    return [one for one in received(lab) if one["method"] == "POST"]


def health(lab: Lab) -> str:
    code = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:9464/health', timeout=3).status)"
    return lab.run("/usr/bin/python3", "-c", code).stdout.strip()


@pytest.fixture
def monitored(lab: Lab) -> Iterator[Lab]:
    """The machine with a configuration, a feed and a webhook."""
    lab.run("sh", "-c", "rm -rf /etc/monitor/rules", check=True)
    for name, text in CONFIGURATION.items():
        lab.write(f"/etc/monitor/{name}", text)
    lab.write("/etc/monitor/secrets/hook", SECRET + "\n", mode="600")
    shutil.copy(Path(__file__).parent / "counterpart.py", lab.folder)
    lab.run("rm", "-f", INCOMING)
    serve = ("/usr/bin/python3", "/run/lab/counterpart.py", INCOMING)
    lab.run("systemd-run", "--unit=counterpart", "--collect", *serve, check=True)
    yield lab
    lab.run("systemctl", "stop", "counterpart", "monitor-once.timer")


def test_a_feed_becomes_one_message_and_a_hang_does_not_repeat_it(monitored: Lab) -> None:
    lab = monitored
    lab.itself("WatchdogSec=6s\nRestartSec=100ms")
    lab.run("systemctl", "start", "monitor", check=True)
    lab.wait(lambda: lab.show("monitor", "StatusText").startswith("2 sources"))
    lab.wait(lambda: len(messages(lab)) == 1)
    message = messages(lab)[0]
    assert "bridge" in str(message["body"])
    assert message["token"] == SECRET
    assert message["key"]
    lab.wait(lambda: health(lab) == "200")
    lab.wait(lambda: "1 failing" in lab.show("monitor", "StatusText"))

    lab.run("systemctl", "kill", "--signal=STOP", "--kill-who=main", "monitor", check=True)
    lab.wait(lambda: lab.show("monitor", "NRestarts") == "1", within=16)
    lab.wait(lambda: lab.show("monitor", "StatusText").startswith("2 sources"))
    polls = len(received(lab))
    lab.wait(lambda: len(received(lab)) >= polls + 2)
    assert len(messages(lab)) == 1
    assert {one["at"] for one in received(lab)} == {"127.0.0.1"}, "the private address was not reached"

    began = time.monotonic()
    lab.run("systemctl", "stop", "monitor", check=True)
    assert time.monotonic() - began < 10
    assert lab.show("monitor", "Result") == "success"
    assert SECRET not in lab.journal()


def test_a_wrong_rule_is_refused_and_a_right_one_is_taken(monitored: Lab) -> None:
    lab = monitored
    lab.itself()
    lab.run("systemctl", "start", "monitor", check=True)
    lab.wait(lambda: len(messages(lab)) >= 1)
    lab.write("/etc/monitor/rules/lab.yaml", "rules:\n  - {id: bridge, match: {nonsense: 1}}\n")
    lab.run("systemctl", "reload", "monitor", check=True)
    lab.wait(lambda: "refused" in lab.journal("monitor"))
    assert lab.show("monitor", "ActiveState") == "active"
    lab.write("/etc/monitor/rules/lab.yaml", CONFIGURATION["rules/lab.yaml"])
    lab.wait(lambda: "the new configuration is in use" in lab.journal("monitor"), within=20)


def test_the_command_sees_what_the_service_sees(monitored: Lab) -> None:
    lab = monitored
    lab.itself()
    lab.run("systemctl", "start", "monitor", check=True)
    lab.wait(lambda: len(messages(lab)) >= 1)
    assert lab.run("/usr/local/bin/monitor", "check").returncode == 0
    assert "harbour" in lab.run("/usr/local/bin/monitor", "sources").stdout
    assert lab.run("/usr/local/bin/monitor", "alert", "test", "hook").returncode == 0


def test_a_round_and_a_backup(monitored: Lab) -> None:
    lab = monitored
    lab.run("systemctl", "start", "monitor-once.service", check=True)
    assert len(messages(lab)) >= 1
    lab.run("systemctl", "start", "monitor-backup.service", check=True)
    assert lab.run("sh", "-c", f"ls {STATE}/backups/monitor-*.db").stdout.count(".db") == 1
    lab.itself()
    lab.run("systemctl", "start", "monitor", check=True)
    lab.run("systemctl", "start", "monitor-backup.service", check=True)


def asked(lab: Lab, path: str) -> str:
    code = (
        "import urllib.request as r, urllib.error as e\n"
        f"try: print(r.urlopen('http://127.0.0.1:8787{path}', timeout=30).status)\n"
        "except e.HTTPError as error: print(error.code)"
    )
    return lab.run("/usr/bin/python3", "-c", code).stdout.strip()


def test_the_page_is_started_by_the_first_who_asks_and_has_no_network(monitored: Lab) -> None:
    lab = monitored
    lab.itself()
    lab.run("systemctl", "start", "monitor", check=True)
    lab.wait(lambda: lab.show("monitor", "StatusText").startswith("2 sources"))
    lab.run("systemctl", "start", "monitor-web.socket", check=True)
    assert lab.show("monitor-web", "ActiveState") == "inactive"
    assert asked(lab, "/sources") == "200"
    assert lab.show("monitor-web", "ActiveState") == "active"
    assert asked(lab, "/sources/harbour") == "200"
    assert asked(lab, "/nothing") == "404"
    lab.run("sh", "-c", "echo 'correct horse' | /usr/local/bin/monitor web user add ann", check=True)
    lab.run("systemctl", "restart", "monitor-web", check=True)
    assert asked(lab, "/events") == "200", "the form of the login"
    links = lab.run("nsenter", "--target", lab.show("monitor-web", "MainPID"), "--net", "ip", "-brief", "link").stdout
    assert [line.split()[0] for line in links.splitlines()] == ["lo"]
    assert lab.show("monitor-web", "User") == "monitor"
    lab.run("systemctl", "stop", "monitor-web.socket", "monitor-web.service", check=True)


def test_uninstalling_keeps_data_until_it_is_told_otherwise(lab: Lab) -> None:
    lab.instead("standin.py", STATE)
    lab.run("systemctl", "start", "monitor", check=True)
    script = "/mnt/checkout/deploy/install.sh"
    assert "Still here" in lab.run("sh", script, "--uninstall", check=True).stdout
    gone = ["/opt/monitor", "/usr/local/bin/monitor", "/etc/systemd/system/monitor.service"]
    kept = ["/etc/monitor/monitor.yaml", f"{STATE}/calls"]
    assert [path for path in gone + kept if lab.run("test", "-e", path).returncode == 0] == kept
    assert lab.show("monitor", "ActiveState") == "inactive"
    lab.run("sh", script, "--uninstall", "--purge", check=True)
    assert [path for path in gone + kept if lab.run("test", "-e", path).returncode == 0] == []
