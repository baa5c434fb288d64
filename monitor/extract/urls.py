"""Canonical URLs: one article, one address, whatever it was decorated with.

Syntax (dots, escapes, IDNA, order of parameters) is w3lib's; what is a decoration is ours. No request is ever made:
a redirecting address is followed only where its target stands in the address itself.
"""

import base64
import binascii
import re
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|hsa|at|ns|mc|oly|vero|wt|hmb|__hs|_hs|sc|cx|trk|ga|guce|iesrc|WT)[._-]?"
    r"(?:source|medium|campaign|content|term|name|id|cid|eid|keyword|kwd|group|placement|format|creative|mchannel|"
    r"linkname|fee|enc|anon|conv|encid|referrer|referrer_sig|customid|mc|pub|channel|cmpid|rss|z|recipients?|click)[\w.]*"
    r"|utm\w*|itm_\w+|fb_(?:action_ids|action_types|ref|source)|fbclid|gclid|gclsrc|gbraid|wbraid|dclid|yclid|ysclid|"
    r"msclkid|twclid|ttclid|igshid|igsh|li_fat_id|mkt_tok|_openstat|xtor|xtref|cmpid|icid|ncid|ocid|smid|smtyp|"
    r"ftag|taid|ref_src|ref_url|refsrc|rss(?:_id|id)?|feedtype|feedname|from_rss|__twitter_impression|__source|"
    r"spm|share_?token|trackid|traffic_source|_ga|_gl|amp|amp_js_v|amp_gsa|usqp|outputtype|CMP|partner_code|sfnsn|s_cid|__hs(?:tc|sc|fp)",
    re.IGNORECASE,
)
_SIMPLE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9_~-]+(?:[.-][A-Za-z0-9_~-]+)*)*/?")
# What an address of the simple kind may still be: a page for telephones, one of AMP's, or one that passes on.
_SUSPECT = re.compile(r"amp|//m\.|//mobile\.|//(?:www\.|news\.)?google\.", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f]+")
_AMP_HOST = re.compile(r"^(?:amp|m|mobile)\.(?=[^.]+\.[^.]+)")
_AMP_PATH = re.compile(r"(?:/amp(?:\.html?)?/?$|(?<=[^/])\.amp(?=\.html?$|$))", re.IGNORECASE)
_AMP_CACHE = re.compile(r"^/(?:c|v|i)/(s/)?(?=[^/]+\.)")
_GOOGLE = re.compile(r"^(?:www\.|news\.)?google\.[a-z.]{2,6}$")
_INDEX = re.compile(
    r"/(?:(?:index|default|home|main)(?:\.\w{2,5})?|news|rss|feed|feeds|blog|latest|en|ru|uk|ua|be|by|pl|de|fr|es|lt|lv|et)?"
)
# Where an address that only passes on carries its target.
_WRAPPERS = {
    "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",),
    "l.instagram.com": ("u",),
    "t.umblr.com": ("z",),
    "out.reddit.com": ("url",),
    "vk.com": ("to",),
    "away.vk.com": ("to",),
    "www.youtube.com": ("q",),
    "href.li": ("?",),
    "slack-redir.net": ("url",),
    "www.bing.com": ("url",),
    "r.search.yahoo.com": ("RU",),
    "steamcommunity.com": ("url", "u"),
}
_PASSING_PATHS = re.compile(
    r"^/(?:url|l\.php|redirect/?|away(?:\.php)?|link|linkfilter/?|news/apiclick\.aspx|)$", re.IGNORECASE
)
_HOPS = 4
_LONGEST = 4096


def canonical(url: str, base: str = "") -> str:
    """Return the canonical form of an http(s) URL, or "" for anything else; relative ones need a base. Never raises."""
    url = url.strip()
    if not url or len(url) > _LONGEST * 4:
        return ""
    if _is_canonical(url):
        return url
    try:
        return _settled(urljoin(base, url) if base and "://" not in url[:10] else url)
    except (ValueError, UnicodeError):
        return ""


def _is_canonical(url: str) -> bool:
    """Tell whether nothing can be taken from an address: most are so, and need not be taken apart to see it."""
    return bool(_SIMPLE.fullmatch(url)) and "/" in url[8:] and not _SUSPECT.search(url) and len(url) <= _LONGEST


def _settled(url: str) -> str:
    """Repeat until nothing changes: a wrapper may hold a wrapper, and a decoration may hide another."""
    for _ in range(_HOPS):
        before, url = url, _canonical(url)
        if url in ("", before):
            break
    return url if len(url) <= _LONGEST else ""


def _canonical(url: str) -> str:
    url = _UNSAFE.sub("", url) if _UNSAFE.search(url) else url
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host or "\\" in parts.netloc:
        return ""
    if target := _target(host, parts.path, parts.query):
        return target
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    place = (f"[{host}]" if ":" in host else _AMP_HOST.sub("", host)) + port
    path = _AMP_PATH.sub("", parts.path) or "/"
    plain = urlunsplit((parts.scheme, place, path, _kept(parts.query), ""))
    if not _SIMPLE.fullmatch(plain):
        plain = canonicalize_url(plain)
    return plain + ("#" + parts.fragment if parts.fragment.startswith("!") else "")


def _kept(query: str) -> str:
    """Drop the parameters that say where a reader came from; the others stay as they are written."""
    if not query:
        return ""
    return "&".join(one for one in query.split("&") if one and not _TRACKING.fullmatch(unquote(one.partition("=")[0])))


def _target(host: str, path: str, query: str) -> str:
    """Return where an address only passes on to, if it says so itself."""
    if host.endswith(".cdn.ampproject.org") and (found := _AMP_CACHE.match(path)):
        return ("https://" if found[1] else "http://") + path[found.end() :] + (f"?{query}" if query else "")
    if _GOOGLE.match(host):
        return _of_google(path, query)
    if host in ("feedproxy.google.com", "feeds.feedburner.com", "href.li") and "http" in query:
        return _first_url(query, ("url", "u", ""))
    if host in _WRAPPERS and _PASSING_PATHS.match(path):
        return _first_url(query, _WRAPPERS[host])
    return ""


def _of_google(path: str, query: str) -> str:
    if path == "/url":
        return _first_url(query, ("url", "q"))
    if path.startswith("/amp/"):
        rest = path.removeprefix("/amp/")
        scheme, rest = ("https://", rest.removeprefix("s/")) if rest.startswith("s/") else ("http://", rest)
        return scheme + rest + (f"?{query}" if query else "") if "." in rest.partition("/")[0] else ""
    if "/articles/" in path:
        return _of_google_news(path.rpartition("/articles/")[2])
    return ""


def _of_google_news(name: str) -> str:
    """Read the address inside the older names of Google News; newer ones hold none."""
    try:
        raw = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))
    except (binascii.Error, ValueError):
        return ""
    found = re.search(rb"https?://[\x21-\x7e]+", raw)
    return found[0].decode("ascii") if found else ""


def _first_url(query: str, names: tuple[str, ...]) -> str:
    values = dict(parse_qsl(query, keep_blank_values=True))
    values.setdefault("", unquote(query))
    found = (values.get(name, "") for name in names)
    return next((one for one in found if one.startswith(("http://", "https://"))), "")


def is_home(url: str) -> bool:
    """Return whether a URL names a site or a section's index rather than an article: it identifies nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:  # an id that only begins like a URL
        return False
    return not parts.query and not parts.fragment and _INDEX.fullmatch("/" + parts.path.strip("/").lower()) is not None
