"""Canonical URLs: one article, one address, whatever it was decorated with."""

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

TRACKING = ("utm_", "mc_", "pk_", "mtm_", "hsa_", "ga_")
TRACKERS = {"fbclid", "gclid", "yclid", "msclkid", "dclid", "igshid", "cmpid", "cmp", "ns_campaign", "ns_mchannel", "at_medium", "at_campaign", "xtor", "_ga", "ref_src", "smid", "ftag", "traffic_source"}
WRAPPERS = {"www.google.com": ("url", "q"), "google.com": ("url", "q"), "l.facebook.com": ("u",), "lm.facebook.com": ("u",), "t.umblr.com": ("z",), "out.reddit.com": ("url",)}


def canonical(url: str, base: str = "") -> str:
    """Return the canonical form of an http(s) URL, or "" for anything else; never raises."""
    try:
        return _canonical(urljoin(base, url.strip()) if base else url.strip(), 3)
    except ValueError:
        return ""


def _canonical(url: str, hops: int) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    query = parse_qsl(parts.query, keep_blank_values=True)
    if hops and (target := _target(host, parts.path, dict(query))):
        return _canonical(target, hops - 1)
    kept = [(key, value) for key, value in query if not _tracks(key)]
    path = parts.path or "/"
    if path.rstrip("/").endswith("/amp"):
        path = path.rstrip("/").removesuffix("/amp") or "/"
    for prefix in ("m.", "mobile.", "amp."):
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
    port = parts.port
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme.lower(), place, path, urlencode(kept), fragment))


def _tracks(key: str) -> bool:
    return key.lower() in TRACKERS or key.lower().startswith(TRACKING) or key.lower() == "amp"


def _target(host: str, path: str, query: dict[str, str]) -> str:
    if host.endswith(".cdn.ampproject.org"):
        for mark, scheme in (("/c/s/", "https://"), ("/v/s/", "https://"), ("/c/", "http://"), ("/v/", "http://")):
            if path.startswith(mark):
                return scheme + path.removeprefix(mark)
    if host in WRAPPERS and path.rstrip("/") in ("/url", "", "/l.php", "/redirect"):
        return next((query[key] for key in WRAPPERS[host] if query.get(key, "").startswith(("http://", "https://"))), "")
    return ""


def is_home(url: str) -> bool:
    """Tell whether a URL names a site rather than an article."""
    parts = urlsplit(url)
    return parts.path.rstrip("/").lower() in ("", "/index.html", "/index.php", "/news", "/home") and not parts.query
