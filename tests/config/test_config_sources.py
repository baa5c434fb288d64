"""Entries become sources: ids that are stable and unique, addresses, reliability."""

import pytest

from monitor.config.sources import build, name_for, same_address
from monitor.config.yaml import parse
from monitor.model import Source
from monitor.settings import SourcesFile


def sources(text: str) -> tuple[Source, ...]:
    located = parse(text, file="s")
    built, problems = build(SourcesFile.model_validate(located.data).sources, located, kinds={"feed"})
    assert not [one for one in problems if not one.warning]
    return built


@pytest.mark.parametrize(
    ("title", "url", "name"),
    [
        ("The Guardian, World", "https://x.example/", "the-guardian-world"),
        ("Gazeta Łódź", "https://x.example/", "gazeta-lodz"),
        ("", "https://www.example.org/news/feed.xml", "example-org-news"),
        ("Зеркало", "https://news.zerkalo.example/rss/all.rss", "news-zerkalo-example-all"),
        ("Лента ru", "https://lenta.example/rss", "lenta-example"),
        ("新聞", "https://www.rss.example/feed", "example"),
        ("24", "https://rss/feed", "source"),
        ("x" * 200, "https://x.example/", "x" * 60),
    ],
)
def test_an_id_is_made_of_the_title_or_the_address(title: str, url: str, name: str) -> None:
    assert name_for(title, url) == name


def test_several_addresses_make_several_sources() -> None:
    built = sources("sources: [{url: [https://a.example/, https://b.example/, https://c.example/], id: x, tags: y}]")
    assert [(one.id, one.url) for one in built] == [
        ("x", "https://a.example/"),
        ("x-2", "https://b.example/"),
        ("x-3", "https://c.example/"),
    ]
    assert all(one.tags == {"y"} for one in built)


def test_an_id_that_the_user_wrote_is_never_given_away() -> None:
    built = sources("sources: [{url: https://a.example/, title: X}, {url: https://b.example/, id: x}]")
    assert [one.id for one in built] == ["x-2", "x"]


@pytest.mark.parametrize(("words", "code"), [("", "F"), ("tier: 1", "A"), ("tier: 6", "F"), ("reliability: C", "C")])
def test_a_tier_is_another_way_to_write_reliability(words: str, code: str) -> None:
    assert sources(f"sources: [{{url: https://a.example/, {words}}}]")[0].reliability == code


def test_everything_of_an_entry_reaches_its_source() -> None:
    (one,) = sources(
        "sources:\n  - {url: 'https://a.example/f#x', kind: feed, title: T, publisher: P, family: F, country: NO,\n"
        "     language: no, interval: 10m, headers: {A: 'b ${C}'}, user_agent: U, proxy: 'http://p:1', tags: [x, y],\n"
        "     enabled: false}"
    )
    assert one == Source(
        id="t", url="https://a.example/f", title="T", publisher="P", family="F", country="NO",
        language="no", interval=600.0, headers=(("A", "b ${C}"),), user_agent="U", proxy="http://p:1",
        tags=frozenset({"x", "y"}), enabled=False,
    )  # fmt: skip


def test_spellings_of_one_address_are_known_as_one() -> None:
    spellings = ["https://a.example/x", "http://A.example:80/x/", "https://www.a.example/x#y"]
    assert len({same_address(one) for one in spellings}) == 1
    assert same_address("https://a.example/x?y=1") != same_address("https://a.example/x?y=2")
    assert same_address("https://a.example:8443/x") != same_address("https://a.example/x")
