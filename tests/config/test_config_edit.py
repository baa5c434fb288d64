"""Adding to sources.yaml: everything that was there stays, and what cannot be done safely is refused."""

import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config import edit
from monitor.config.edit import plain, with_sources
from monitor.config.yaml import parse
from monitor.errors import ConfigError, UsageError
from monitor.settings import SourceEntry

NEW = SourceEntry(url=("https://new.example/",), id="new", tags=("a", "b"))
ADDED = "- id: new\n  url: https://new.example/\n  tags: [a, b]\n"


def indented(width: int) -> str:
    return "".join(" " * width + line + "\n" for line in ADDED.splitlines())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "sources:\n\n" + indented(2)),
        ("# mine\nsources:\n", "# mine\nsources:\n\n" + indented(2)),
        ("sources: []  # none yet\n# tail\n", "sources:  # none yet\n\n" + indented(2) + "# tail\n"),
        (
            "sources:\n- url: https://a.example/ # why\n\n# tail\n",
            "sources:\n- url: https://a.example/ # why\n\n" + indented(0) + "\n# tail\n",
        ),
        (
            "sources:\n    # first\n    - title: |\n        foo\n\n        bar\n      url: https://a.example/\n",
            "sources:\n    # first\n    - title: |\n        foo\n\n        bar\n      url: https://a.example/\n\n"
            + indented(4),
        ),
        ("sources:\n  - url: https://a.example/", "sources:\n  - url: https://a.example/\n\n" + indented(2)),
    ],
)
def test_an_entry_is_added_and_the_rest_stays_as_it_is(before: str, after: str) -> None:
    assert with_sources(before, [NEW], file="s") == after


@pytest.mark.parametrize(
    "text",
    [
        "sources: [{url: https://a.example}]\n",
        "{sources: []}\n",
        "sources:\n  - url: https://a.example\n    title: 'a\n  b'\n",
    ],
)
def test_a_layout_that_cannot_be_edited_safely_is_left_alone(text: str) -> None:
    with pytest.raises(UsageError, match=r"add this by hand:\n\n  - id: new\n    url: https://new\.example/"):
        with_sources(text, [NEW], file="s")


def test_a_file_with_problems_is_not_edited() -> None:
    with pytest.raises(ConfigError, match="s:2:1: the key 'sources' stands here twice"):
        with_sources("sources: []\nsources: []\n", [NEW], file="s")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
ENTRIES = st.builds(
    SourceEntry,
    url=st.lists(
        st.sampled_from(["https://x.example/a?b=c&d=e", "https://é.example/#f", "http://[::1]:80/"]), min_size=1
    ).map(tuple),
    title=TEXTS
    | st.sampled_from(["NO", "12", "null", "- x", "a: b", "x #y", "'q'", '"', "&a", "*b", "!t", "@", "=1", " s "]),
    publisher=TEXTS,
    tags=st.lists(TEXTS).map(tuple),
    headers=st.dictionaries(TEXTS, TEXTS, max_size=3),
    interval=st.none() | st.integers(60, 100_000).map(float),
    enabled=st.booleans(),
)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(ENTRIES, min_size=1, max_size=3),
    st.sampled_from(["", "sources:\n  - url: https://a.example/\n    # c\n# d\n"]),
)
def test_whatever_is_added_is_read_back_the_same(entries: list[SourceEntry], text: str) -> None:
    located = parse(with_sources(text, entries, file="s"), file="s")
    assert not located.problems
    assert located.data["sources"][-len(entries) :] == [plain(entry) for entry in entries]


def test_the_file_keeps_its_line_ends_its_mark_and_its_permissions(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbfsources:\r\n  - url: https://a.example/\r\n")
    real.chmod(0o640)
    link = tmp_path / "sources.yaml"
    link.symlink_to(real)
    edit.add_sources(link, [NEW], file="s")
    raw = real.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfsources:\r\n  - url: https://a.example/\r\n\r\n  - id: new\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["real.yaml", "sources.yaml"]


def test_a_missing_file_is_made(tmp_path: Path) -> None:
    edit.add_sources(tmp_path / "sources.yaml", [NEW], file="s")
    assert parse((tmp_path / "sources.yaml").read_text(), file="s").data == {"sources": [plain(NEW)]}
