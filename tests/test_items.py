"""Archives of items: whatever is in them is an item or named, and a replay of it ends with all of it accounted for."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.config import load
from monitor.errors import UsageError
from monitor.items import LONGEST, Archive, Item, Wrong, moment, read
from monitor.model import Source
from monitor.replay import Replay, sources_of
from tests import fresh

LATEST = 1.9e9
KEYS = ["id", "title", "text", "url", "source", "lang"]
hostile = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
anything = (
    st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers() | st.lists(st.text(), max_size=2)
)
texts = st.text(max_size=30) | st.sampled_from(
    ["\ud800", "\x00", "troops at the border", "<p>troops", "https://x.example/1", "https://[", "&#1;", "-", "A"]
)
dated = st.fixed_dictionaries(
    {"date": st.floats(min_value=1e9, max_value=1.001e9)}, optional=dict.fromkeys(KEYS, texts | st.none())
)


def archived(folder: Path, lines: list[bytes], name: str = "items.jsonl") -> Path:
    path = folder / name
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


@hostile
@given(st.lists(st.binary(max_size=80) | st.dictionaries(st.sampled_from(["date", *KEYS]), anything).map(
    lambda item: json.dumps(item).encode()), max_size=5))  # fmt: skip
def test_every_line_is_an_item_or_named(tmp_path: Path, lines: list[bytes]) -> None:
    path = archived(tmp_path, lines)
    found = list(read(path, latest=LATEST))
    full = [line for line in path.read_bytes().split(b"\n") if line.removeprefix(b"\xef\xbb\xbf").strip()]
    assert len(found) == len(full)
    archive = Archive.look(path, latest=LATEST)
    assert archive.dated + archive.undated + len(archive.wrong) == len(full)
    assert [at for at, _ in archive.items()] == sorted(one.at for one in found if isinstance(one, Item) and one.at)


@hostile
@given(items=st.lists(dated, max_size=6))
@example(items=[{"date": 1e9, "id": "1", "source": "Æ"}, {"date": 1e9, "id": "1", "source": "æ "}])
def test_whatever_is_dated_is_replayed(tmp_path: Path, items: list[dict[str, Any]]) -> None:
    (tmp_path / "rules").mkdir(exist_ok=True)
    (tmp_path / "monitor.yaml").write_text("{}")
    (tmp_path / "sources.yaml").write_text("sources: []")
    (tmp_path / "rules" / "r.yaml").write_text("rules: [{id: border, match: {any: [troops]}}]")
    archive = Archive.look(archived(tmp_path, [json.dumps(item).encode() for item in items]), latest=LATEST)
    (tmp_path / "any.db").unlink(missing_ok=True)
    told = []
    with fresh.store(tmp_path / "any.db") as store:
        replay = Replay(archive, config=load(tmp_path), store=store)
        figures = replay.run(progress=lambda _done, _all: None, tell=told.append)
        assert store.articles.count() == figures.total["articles"]
    assert replay.failed == []
    assert figures.total["articles"] + figures.total["repeated"] == archive.dated == len(items)
    assert len(told) == figures.total["alerts"] + figures.total["updates"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2022-05-10", 1652140800.0),
        ("2022-05-10T02:00:00+02:00", 1652140800.0),
        (" 2022-05-10T00:00:00.500Z ", 1652140800.5),
        ("Tue, 10 May 2022 00:00:00 GMT", 1652140800.0),
        (1652140800, 1652140800.0),
        (1652140800000, 1652140800.0),  # milliseconds
        ("2022", None),
        ("yesterday", None),
        (True, None),
        (10**400, None),
        (float("nan"), None),
        (None, None),
        (["2022-05-10"], None),
    ],
)
def test_dates_are_read_as_archives_write_them(date: Any, expected: float | None) -> None:
    assert moment(date) == expected


def test_a_line_of_any_length_is_one_line(tmp_path: Path) -> None:
    good = b'{"title": "x", "date": "2022-05-10"}'
    path = archived(tmp_path, [b'{"text": "' + b"x" * 2 * LONGEST + b'"}', good])
    first, second = read(path, latest=LATEST)
    assert first == Wrong(1, "is longer than 4 MiB")
    assert isinstance(second, Item)
    assert second.line == 2


def test_what_is_packed_is_unpacked_and_damage_is_told(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl.XZ"
    path.write_bytes(lzma.compress(b'{"id": 7, "date": "2022-05-10", "url": "https://www.x.example/1"}'))
    (found,) = read(path, latest=LATEST)
    assert isinstance(found, Item)
    assert (found.id, found.source, found.title) == ("7", "x.example", "")
    path.write_bytes(b"no archive")
    with pytest.raises(UsageError, match=r"items\.jsonl\.XZ cannot be read"):
        list(read(path, latest=LATEST))


def test_every_name_gets_a_source_of_its_own() -> None:
    kestrel = Source(id="kestrel", url="", title="The Kestrel", publisher="Birds")
    names = {
        "The Post": "",
        "the post": "",
        "The-Post": "",
        "birds": "",
        "Газета": "gazeta.example",
        "": "",
        "kestrel": "",
    }
    found = {name: one.id for name, one in sources_of(names, [kestrel]).items()}
    assert found == {
        "The Post": "the-post",
        "the post": "the-post",
        "The-Post": "the-post-2",
        "birds": "kestrel",
        "Газета": "gazeta-example",
        "": "archive",
        "kestrel": "kestrel",
    }
