"""What is taken out of feedparser changes no answer, whatever the input."""

import json
import random
import subprocess
import sys
from urllib.parse import urljoin

from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.quicker import PLAIN_URL

BASE = "http://base.example/a/b.xml"
URLS = st.text(st.sampled_from("htps:/.?#&;=%20aAé-_~@ []\\\t"), max_size=30).map(lambda tail: f"http{tail}")
LIKELY = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["a.example", "A.example", "a.example:80", "a", "user@a.example", ""]),
    st.text(st.sampled_from("/.a%20?#&;=~"), max_size=15),
    st.sampled_from(["", "?", "?a=1", "#", "#a", ";", "//"]),
)


@given(st.one_of(URLS, LIKELY))
def test_an_address_that_is_left_alone_would_not_be_changed_by_joining(url: str) -> None:
    if PLAIN_URL.fullmatch(url):
        assert urljoin(BASE, url) == url


ASK = """
import io, json, sys
import feedparser
if sys.argv[1] == "quick":
    from monitor.parse.feed import load
    load()
def plain(value):
    if isinstance(value, dict):
        return {key: plain(dict.get(value, key)) for key in sorted(value)}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else repr(value)
for body in json.load(sys.stdin):
    found = feedparser.parse(io.BytesIO(body.encode()), sanitize_html=False, resolve_relative_uris=False,
        response_headers={"content-type": "application/xml", "content-location": "http://base.example/a/b.xml"})
    print(json.dumps(plain({"feed": found["feed"], "entries": found["entries"]})))
"""


def test_random_items_are_read_as_by_feedparser_itself() -> None:
    draw = random.Random(11)
    names = "title link description guid category author pubDate comments dc:subject media:title itunes:block".split()
    pieces = ["a", "yes", "&amp;", "&lt;b&gt;", "é", "\x85", " ", "/rel", "&amp;lt;", "Ñ", "</", "ð\u0178", "中"]
    pieces.append("http://x.example/?a=1&amp;b=2")
    bodies = []
    for _ in range(300):
        inner = "".join(
            f"<{name}>{''.join(draw.choices(pieces, k=draw.randint(0, 5))).replace('</', '&lt;/')}</{name}>"
            for name in draw.choices(names, k=draw.randint(1, 8))
        )
        bodies.append(
            '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd">'
            f"<channel><title>c</title><item>{inner}</item><item>{inner}</item></channel></rss>"
        )
        bodies.append(
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>c</title><entry><id>1</id>'
            + "".join(
                f'<{name} type="{kind}">{"".join(draw.choices(pieces, k=3)).replace("</", "")}</{name}>'
                for name, kind in (("title", draw.choice(["text", "html"])), ("summary", "text/plain"))
            )
            + "</entry></feed>"
        )
    answers = [
        subprocess.run(
            [sys.executable, "-c", ASK, how], input=json.dumps(bodies), capture_output=True, text=True, check=True
        ).stdout.splitlines()
        for how in ("plain", "quick")
    ]
    assert len(answers[0]) == len(bodies)
    for body, before, after in zip(bodies, *answers, strict=True):
        assert before == after, body
