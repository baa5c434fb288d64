"""Articles from files: whatever is in them, they are read or named, and nothing else happens."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import archive
from monitor.archive import Lines, Read
from monitor.errors import UsageError
from monitor.model import Source

KESTREL = Source(id="kestrel", url="", title="The Kestrel", language="pl")
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
items = st.dictionaries(st.sampled_from(["id", "date", "title", "text", "url", "source", "lang"]), anything)


@given(st.lists(st.binary(max_size=80) | items.map(lambda item: json.dumps(item).encode()), max_size=5))
def test_every_line_is_an_article_or_named(lines: list[bytes]) -> None:
    found = archive.read(Lines("file", 1, tuple(lines)), [KESTREL])
    assert len(found.articles) + len(found.failed) == sum(bool(line.strip()) for line in lines)
    assert all(line.startswith("file:") for line in found.failed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), suffix=st.sampled_from(["", ".gz", ".xz", ".bz2", ".jsonl", ".xml"]))
def test_any_file_is_read_or_one_message(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(content)
    try:
        found: list[object] = list(archive.batches([path], sources=[], now=1e9))
    except UsageError as error:
        found = [str(error)]
    assert all(isinstance(one, Lines | Read) or str(path) in str(one) for one in found)


def read_one(item: dict[str, Any]) -> tuple[Any, Source]:
    (found,) = archive.read(Lines("file", 1, (json.dumps(item).encode(),)), [KESTREL]).articles
    return found


def test_an_item_becomes_an_article() -> None:
    article, source = read_one(
        {
            "id": "n1",
            "date": "2022-05-10T00:00:00Z",
            "title": " Two\n lines ",
            "text": "One.\n\nCLICK HERE TO READ MORE\n\nTwo.",
            "url": "https://x.example/1",
            "source": "the kestrel",
            "lang": "en",
        }
    )
    assert source is KESTREL
    assert (article.id, article.title, article.url, article.source_id) == (
        "n1",
        "Two lines",
        "https://x.example/1",
        "kestrel",
    )
    assert (article.published_at, article.seen_at, article.language) == (1652140800.0, 1652140800.0, "en")
    assert [mark.kind for mark in article.marks] == ["crosslink"]


def test_what_is_missing_is_made_up_for() -> None:
    article, source = read_one({"title": "The troops are said to be at the border of the country", "source": "Unknown"})
    assert (source.id, source.publisher) == ("Unknown", "Unknown")
    assert (article.language, article.published_at, article.seen_at) == ("en", None, 0.0)
    assert article.id == read_one({"title": article.title})[0].id
    assert article.id != read_one({"title": "x"})[0].id


def test_files_of_a_folder_are_found_and_what_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("a/b/1.xml", "a/2.xml", "a/.hidden"):
        (tmp_path / name).write_text("x")
    assert archive.files([tmp_path / "a"]) == [tmp_path / "a/2.xml", tmp_path / "a/b/1.xml"]
    (tmp_path / "empty").mkdir()
    for path in ("empty", "none"):
        with pytest.raises(UsageError, match=path):
            archive.files([tmp_path / path])
