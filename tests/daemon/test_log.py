"""What a line of the log looks like in each format, and what never stands in it."""

import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.log import setup


@pytest.fixture(autouse=True)
def kept_root() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    logging.captureWarnings(False)


def one(format: str, message: str, *args: object, secrets: tuple[str, ...] = (), **extra: object) -> str:
    out = io.StringIO()
    setup(format=format, secrets=secrets, environ={}, stream=out)
    logging.getLogger("monitor.test").warning(message, *args, extra=extra)
    return out.getvalue()


def test_keys_are_quoted_where_they_must_be() -> None:
    line = one("keys", "moved to %s", "a new address", source="kestrel", rule="x y", nothing="else")
    assert line == 'level=warning logger=monitor.test msg="moved to a new address" source=kestrel rule="x y"\n'


def test_json_is_one_object_a_line() -> None:
    found = json.loads(one("json", 'said "no"\nand left', channel="mail"))
    assert found | {"time": ""} == {
        "time": "",
        "level": "warning",
        "logger": "monitor.test",
        "msg": 'said "no"\nand left',
        "channel": "mail",
    }


def test_plain_is_for_people() -> None:
    line = one("plain", "slow", source="kestrel")
    assert line[8:] == " warning  slow  source=kestrel\n"


@pytest.mark.parametrize("format", ["plain", "keys"])
def test_a_feed_cannot_make_lines_or_steer_the_terminal(format: str) -> None:
    line = one(format, "title %s", "a\n<0>forged\x1b[2J\u202e")
    assert line.count("\n") == 1
    assert "\x1b" not in line
    assert "\u202e" not in line


@pytest.mark.parametrize("format", ["plain", "keys", "json"])
def test_secrets_are_hidden_wherever_they_turn_up(format: str) -> None:
    out = io.StringIO()
    redactor = setup(format=format, secrets=["p@ss wörd"], environ={}, stream=out)
    redactor.hide('to"ken')
    try:
        raise ValueError("mailto://me:p%40ss%20w%C3%B6rd@host refused p@ss wörd")
    except ValueError:
        logging.getLogger("monitor.test").exception('with to"ken', extra={"channel": "https://u:other@host/"})
    text = out.getvalue()
    assert text.count("***") >= 4
    for secret in ("p@ss wörd", "p%40ss%20w", "w\\u00f6rd", 'to"ken', 'to\\"ken', "u:other"):
        assert secret not in text


def test_a_traceback_stays_in_one_line_for_the_journal() -> None:
    out = io.StringIO()
    setup(format="keys", environ={}, stream=out)
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("monitor.test").exception("failed")
    assert out.getvalue().count("\n") == 1
    assert "\\nValueError: no" in out.getvalue()


def test_journald_gets_priorities_when_it_is_journald_that_listens(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+") as out:
        status = os.fstat(out.fileno())
        setup(environ={"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}, level="debug", stream=out)
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL):
            logging.getLogger("monitor.test").log(level, "x")
        setup(environ={"JOURNAL_STREAM": "1:1"}, stream=out)
        logging.getLogger("monitor.test").error("redirected")
        out.seek(0)
        lines = out.read().splitlines()
    assert [line[:3] for line in lines[:5]] == ["<7>", "<6>", "<4>", "<3>", "<2>"]
    assert lines[5] == "level=error logger=monitor.test msg=redirected"


def test_libraries_speak_only_when_it_matters() -> None:
    out = io.StringIO()
    setup(environ={}, level="debug", stream=out)
    for name in ("httpx", "apprise.plugins", "apscheduler.scheduler", "pymorphy3.opencorpora_dict.wrapper"):
        logging.getLogger(name).info("chatter")
    logging.getLogger("apscheduler.executors.default").warning("skipped")
    assert out.getvalue() == ""


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="plain"):
        setup(format="xml", environ={})
