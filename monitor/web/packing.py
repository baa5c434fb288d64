"""What is sent is compressed, unless that could tell somebody on the line what stands in it (BREACH).

That attack needs a secret in the page, words of the attacker beside it, many answers, and a look at how long each is.
The one secret in our pages, the token of the forms, is another one in each answer (`access.csrf_for`); and an answer
that a foreign page has asked for, which would choose the words, is sent as it is. So is one to a browser that does not
say who asks, where an encrypted line would be worth listening to.
"""

import gzip
from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

LEAST: Final = 1000  # bytes: less is not worth it
LEVEL: Final = 5  # half the time of the usual 9, for 3 % more
TYPES: Final = ("text/", "application/", "image/svg+xml")
OURS: Final = ("same-origin", "none")  # "none": the reader has typed the address, or has a bookmark


def packed(answer: Response, headers: Mapping[str, str], *, is_https: bool, is_program: bool) -> Response:
    """Compress an answer where the other side can read that, and may get it so."""
    body = bytes(getattr(answer, "body", b""))
    if len(body) < LEAST or not answer.headers.get("content-type", "").startswith(TYPES):
        return answer
    answer.headers["Vary"] = "Accept-Encoding, Sec-Fetch-Site"
    if not _reads_gzip(headers.get("accept-encoding", "")) or not _may(headers, is_https, is_program):
        return answer
    answer.body = gzip.compress(body, LEVEL, mtime=0)
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Content-Length"] = str(len(answer.body))
    if (tag := answer.headers.get("etag", "")).startswith('"'):
        answer.headers["ETag"] = f"W/{tag}"  # the same words, other bytes
    return answer


def _reads_gzip(accepted: str) -> bool:
    """Say whether gzip is among what a browser accepts, and not with a weight of 0."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _may(headers: Mapping[str, str], is_https: bool, is_program: bool) -> bool:
    said = headers.get("sec-fetch-site", "")
    return said in OURS if said else is_program or not is_https
