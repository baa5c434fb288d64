"""One article has one address, whatever it is decorated with; nothing but http(s) has one; nothing raises."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract import urls
from monitor.extract.urls import canonical, is_home

STORY = "https://www.example.org/world/story-1"


def of_google_news(url: str) -> str:
    raw = b"\x08\x13\x22" + bytes((len(url),)) + url.encode() + b"\xd2\x01\x00"
    return "https://news.google.com/rss/articles/" + base64.urlsafe_b64encode(raw).decode().rstrip("=") + "?oc=5"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (STORY, STORY),
        (f"  {STORY}?utm_source=rss&utm_medium=feed&fbclid=x#0", STORY),
        (f"{STORY}?at_medium=RSS&at_campaign=KARANGA&ns_mchannel=rss&gclid=1&xtor=RSS-1", STORY),
        ("HTTPS://WWW.Example.ORG:443/world/story-1", STORY),
        ("https://www.example.org/world/x/../story-1", STORY),
        (f"{STORY}/amp/", STORY),
        (f"{STORY}?amp=1", STORY),
        (f"{STORY}.amp.html", f"{STORY}.html"),
        ("https://amp.example.org/world/story-1", "https://example.org/world/story-1"),
        ("https://m.example.org/world/story-1", "https://example.org/world/story-1"),
        ("https://m.com/x", "https://m.com/x"),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/world/story-1", STORY),
        ("https://www.google.com/amp/s/www.example.org/world/story-1/amp", STORY),
        ("https://www.google.com/url?url=https%3A%2F%2Fwww.example.org%2Fworld%2Fstory-1%3Futm_id%3Dx&ct=ga", STORY),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.example.org%2Fworld%2Fstory-1&h=AT0", STORY),
        ("https://t.umblr.com/redirect?z=https%3A%2F%2Fwww.example.org%2Fworld%2Fstory-1&t=x", STORY),
        (of_google_news(STORY), STORY),
        ("https://example.org/?id=7&page=2", "https://example.org/?id=7&page=2"),
        ("https://example.org/?page=2&id=7", "https://example.org/?id=7&page=2"),
        ("https://example.org/a?at=5&sc=1&content_id=5&source=x", "https://example.org/a?at=5&content_id=5&sc=1&source=x"),
        ("https://example.org/#!/story/1", "https://example.org/#!/story/1"),
        ("https://пример.рф/путь", "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C"),
        ("http://example.org:8080", "http://example.org:8080/"),
        ("https://news.google.com/rss/articles/CBMiAU_yq", "https://news.google.com/rss/articles/CBMiAU_yq"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://example.org/x", ""),
        ("mailto:a@example.org", ""),
        ("http://[::1", ""),
        ("http://example.org:99999/", ""),
        ("https://", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected


def test_a_relative_link_needs_a_base() -> None:
    assert canonical("/world/story-1?utm_source=x", "https://www.example.org/feed/") == STORY
    assert canonical("//www.example.org/world/story-1", "https://www.example.org/feed/") == STORY
    assert canonical("/world/story-1") == ""
    assert canonical("javascript:alert(1)", "https://www.example.org/") == ""


PARTS = st.sampled_from(
    "http:// https:// www.google.com/url?url= a.example m. amp. /amp /x ? & utm_source=1 q= %2F %25 # #!a :80 :443 // "
    ".. [ ] @ ü \\ % ; s/ l.facebook.com/l.php?u= /index.html = +".split()
)


@given(
    st.one_of(st.lists(PARTS, max_size=12).map("".join), st.text(max_size=60)),
    st.sampled_from(["", "https://b.example/f/"]),
)
def test_any_text_is_taken_and_its_canonical_form_is_its_own(url: str, base: str) -> None:
    found = canonical(url, base)
    assert found == "" or found.startswith(("http://", "https://"))
    assert canonical(found) == found


HOSTS = st.sampled_from(
    "a.example www.google.com amp.a.example m.a.b.ex mobile.a.ex a.cdn.ampproject.org vk.com l.facebook.com".split()
)
STEPS = st.sampled_from("/ /a /amp /amp/ a.amp.html b-c .. . /articles/x /url /c/s/x.y".split())


@given(HOSTS, st.lists(STEPS, max_size=5))
def test_an_address_that_needs_no_look_is_canonical(host: str, path: list[str]) -> None:
    url = f"https://{host}{''.join(path)}"
    if urls._is_canonical(url):
        assert urls._settled(url) == url


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/news/", "/en/", "/default.aspx", "/rss"])
def test_a_home_or_index_page_is_recognised(path: str) -> None:
    assert is_home("https://example.org" + path)


@pytest.mark.parametrize("path", ["/story", "/news/1", "/?p=12", "/2022/05/10/", "/#!/a"])
def test_an_article_is_no_home_page(path: str) -> None:
    assert not is_home("https://example.org" + path)


def test_an_id_that_only_begins_like_a_url_is_no_home_page() -> None:
    assert not is_home("http://[")
