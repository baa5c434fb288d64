"""Documents made to stop a parser: each is generated here, and none is stored."""

import json
from collections.abc import Callable
from itertools import pairwise

ITEM = b"<item><title>%s</title><guid>%s</guid></item>"


def rss(*items: bytes, before: bytes = b"") -> bytes:
    return before + b"<rss version='2.0'><channel><title>t</title>" + b"".join(items) + b"</channel></rss>"


def titled(title: bytes, *, before: bytes = b"") -> bytes:
    return rss(ITEM % (title, b"1"), before=before)


def laughs(levels: int = 9, *, encoding: str = "") -> bytes:
    """Each level stands for ten of the one below it."""
    names = [f"l{level}" for level in range(levels + 1)]
    lines = [f'<!ENTITY {names[0]} "lol">']
    lines += [f'<!ENTITY {name} "{f"&{below};" * 10}">' for below, name in pairwise(names)]
    head = f"<?xml version='1.0'{f' encoding={encoding!r}' if encoding else ''}?>"
    text = f"{head}<!DOCTYPE rss [{' '.join(lines)}]>" + titled(f"&{names[-1]};".encode()).decode()
    return text.encode(encoding or "utf-8")


def external(declaration: str, use: str = "&x;") -> bytes:
    return titled(f"A{use}B".encode(), before=f"<?xml version='1.0'?>\n<!DOCTYPE rss [\n{declaration}\n]>\n".encode())


QUICK: dict[str, Callable[[], bytes]] = {
    "a character reference beyond any number": lambda: titled(b"&#999999999999;"),
    "a character reference beyond Unicode": lambda: titled(b"&#1114112;"),
    "a character reference to a surrogate": lambda: titled(b"&#xD800;"),
    "the same in broken XML": lambda: titled(b"&#x110000; <b>&nbsp;"),
    "a hexadecimal reference of 10,000 digits": lambda: titled(b"&#x" + b"f" * 10_000 + b"; &nbsp;"),
    "a decimal reference of 10,000 digits": lambda: titled(b"&#" + b"9" * 10_000 + b"; &nbsp;"),
    "a billion laughs": laughs,
    "a billion laughs in UTF-16": lambda: laughs(encoding="utf-16"),
    "a billion laughs in UTF-7": lambda: (
        b"<?xml version='1.0' encoding='utf-7'?>" + laughs()[len("<?xml version='1.0'?>") :].decode().encode("utf-7")
    ),
    "a quadratic blow-up": lambda: titled(
        b"&a;" * 5_000, before=b'<?xml version="1.0"?>\n<!DOCTYPE rss [\n<!ENTITY a "' + b"a" * 5_000 + b'">\n]>\n'
    ),
    "an entity that refers to itself": lambda: external('<!ENTITY x "&y;"> <!ENTITY y "&x;">'),
    "a parameter entity bomb": lambda: external(
        '<!ENTITY % a "' + "lol" * 1000 + '"> <!ENTITY % b "' + "%a;" * 1000 + '"> <!ENTITY x "' + "%b;" * 1000 + '">'
    ),
    "nothing but zero bytes": lambda: b"\0" * 100_000,
    "zero bytes in a feed": lambda: titled(b"a\0b"),
    "UTF-16 that ends within a character": lambda: titled(b"x").decode().encode("utf-16")[:-101],
    "an odd byte after UTF-16": lambda: titled(b"x").decode().encode("utf-16-le") + b"<",
    "a byte order mark and no more": lambda: b"\xef\xbb\xbf",
    "an encoding that does not exist": lambda: b"<?xml version='1.0' encoding='klingon'?>" + titled(b"x"),
    "an encoding that is no text": lambda: b"<?xml version='1.0' encoding='zlib'?>" + titled(b"x"),
    "an encoding with a zero byte": lambda: b"<?xml version='1.0' encoding='a\0b'?>" + titled(b"x"),
    "a georss line without a place": lambda: rss(
        b'<item xmlns:g="http://www.opengis.net/gml"><g:posList>1 2 3</g:posList><title>x</title></item>'
    ),
    "dates of every wrong kind": lambda: rss(
        *(ITEM % (b"x</title><pubDate>" + date + b"</pubDate><title>y", b"1") for date in DATES)
    ),
    "an unfinished tag": lambda: titled(b"x")[:-20] + b"<item " + b"a='b' " * 5_000,
    "an unfinished comment": lambda: b"<!--" * 20_000,
    "an unfinished CDATA section": lambda: titled(b"<![CDATA[ x")[:-30],
    "an attribute of 1 MB": lambda: rss(b"<item x='" + b"a" * 1_000_000 + b"'><title>x</title></item>"),
    "a title of 2 MB": lambda: titled(b"word " * 400_000),
    "JSON nested 100,000 times": lambda: b"[" * 100_000,
    "a JSON number of 100,000 digits": lambda: (
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"9" * 100_000 + b"}]}"
    ),
    "JSON items of the wrong types": lambda: json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "items": [1, None, "x", [], {"id": {}, "tags": 5, "authors": 1}],
        }
    ).encode(),
    "half a surrogate in JSON": lambda: b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"\\ud800"}]}',
}
DATES = (b"9999-99-99", b"-1", b"Mon, 99 Foo 99999 99:99:99 +9999", b"1" * 500, b"0000-00-00T00:00:00Z", b"\xd0\xb0")

SLOW: dict[str, Callable[[], bytes]] = {
    "markup nested 200,000 deep": lambda: titled(b"<b>" * 200_000),
    "elements nested 200,000 deep": lambda: rss(b"<a>" * 200_000 + b"</a>" * 200_000),
    "100,000 attributes": lambda: rss(b"<item " + b" ".join(b"a%d='x'" % n for n in range(100_000)) + b"/>"),
    "100,000 namespaces": lambda: rss(
        *(b"<item xmlns:n%d='urn:%d'><n%d:x/><title>x</title></item>" % (n, n, n) for n in range(20_000))
    ),
    "100,000 open brackets": lambda: titled(b"<" * 100_000),
    "broken XML of 20,000 entries": lambda: rss(*(ITEM % (b"&nbsp;%d" % n, b"%d" % n) for n in range(20_000))),
    "300,000 unknown entities": lambda: titled(b"&foo;" * 300_000),
    "a DOCTYPE that never ends": lambda: b"<!DOCTYPE " + b"[<!ENTITY a 'b'> " * 100_000,
}
