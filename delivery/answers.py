"""From a page to the answer for one reader: coding, ETag, "not modified", HEAD. RFC 9110."""

import functools
from collections.abc import Mapping
from typing import Any

from delivery.coding import Coded
from delivery.pages import Headers, Page

# Kept by browsers, and asked about each time. A proxy may answer by itself for a second, which is
# how late another machine may be as well.
CACHE_CONTROL = "public, max-age=0, s-maxage=1, must-revalidate"
# What is computed here, whatever the page brought along; and the number of the request it was made
# for, which is not the reader's.
_COMPUTED = {"content-length", "etag", "content-encoding", "cache-control", "vary", "x-request-id"}
# Left out of "not modified", which has no body.
_OF_BODY = {"Content-Type", "Content-Length", "Content-Encoding"}
_TEXT = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg")
_NOT_TAKEN = {"q=0", "q=0.0", "q=0.00", "q=0.000"}

Answer = tuple[str, Headers, bytes]


def kept_headers(headers: Headers) -> Headers:
    """Return the headers of a page without those that each answer computes."""
    return [(name, value) for name, value in headers if name.lower() not in _COMPUTED]


def answer(page: Page, environ: Mapping[str, Any]) -> Answer:
    """Return the answer to a request for a page that everybody may see."""
    coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
    coded = page.in_coding(coding)
    whole: Answer | None = page.answers.get(coding)
    if whole is None or whole[2] is not coded.body:
        whole = page.answers[coding] = _whole(page, coding, coded)
    status, headers, body = whole
    told = environ.get("HTTP_IF_NONE_MATCH")
    if told and _has_it(told, page.etag):
        return "304 Not Modified", [each for each in headers if each[0] not in _OF_BODY], b""
    return status, headers.copy(), b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _whole(page: Page, coding: str, coded: Coded) -> Answer:
    headers = [
        *page.headers,
        ("Cache-Control", CACHE_CONTROL),
        ("Vary", "Accept-Encoding"),
        # Strong: each coding has bytes of its own, and so a name of its own.
        ("ETag", f'"{page.etag}{"-" if coding else ""}{coded.mark}"'),
    ]
    return _with_body(page, coding, coded.body, headers)


def passing(page: Page, environ: Mapping[str, Any]) -> Answer:
    """Return the answer for what is not kept, such as a missing page: compressed and no more."""
    is_text = bool(page.body) and page.content_type.startswith(_TEXT)
    takes_any = coding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) != ""
    headers = [each for each in page.headers if each[0].lower() != "content-length"]
    coding = "gzip" if is_text and takes_any else ""
    body = page.in_coding(coding).body
    status, headers, body = _with_body(page, coding, body, headers)
    return status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body


def _with_body(page: Page, coding: str, body: bytes, headers: Headers) -> Answer:
    own = [("Content-Encoding", coding)] if coding else []
    return page.status, [*headers, *own, ("Content-Length", str(len(body)))], body


@functools.lru_cache(maxsize=256)
def coding_for(accepted: str) -> str:
    """Return the best coding that a browser takes: brotli, else gzip, else none."""
    offered = {}
    for each in accepted.lower().split(","):
        name, _, rest = each.partition(";")
        offered[name.strip()] = rest.replace(" ", "")
    codings = (each for each in ("br", "gzip") if each in offered)
    return next((each for each in codings if offered[each] not in _NOT_TAKEN), "")


def _has_it(told: str, etag: str) -> bool:
    """Say whether the browser has this very page, in whatever coding."""
    return told.strip() == "*" or f'"{etag}"' in told or f'"{etag}-' in told
