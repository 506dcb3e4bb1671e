"""What every answer of the site has to bring, and what no page may have in it."""

import re
from typing import Any

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REFERRERS = {"strict-origin-when-cross-origin", "no-referrer", "same-origin"}
# A style sheet or a script in the page itself, an attribute that is one, an address that is one.
_INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>"
    r"|<[^>]+\s(?:style|on[a-z]+)=\"[^>]*>|\b(?:href|src|action)=[\"']?\s*javascript:[^>]*",
    re.IGNORECASE,
)


def missing_headers(response: Any) -> list[str]:
    """Return what protects a reader and is not there, or is weaker than it should be."""
    headers = response.headers
    found = [name for name, value in HEADERS.items() if headers.get(name) != value]
    if headers.get("Referrer-Policy") not in REFERRERS:
        found.append("Referrer-Policy")
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        found.append("Permissions-Policy")
    policy = headers.get("Content-Security-Policy", "")
    is_strict = "frame-ancestors 'none'" in policy and not re.search(r"unsafe|\*", policy)
    # A picture says it in its own way: nothing at all may run or load in it.
    if not is_strict and policy != "default-src 'none'; sandbox":
        found.append("Content-Security-Policy")
    return found


def inline_parts(html: str) -> list[str]:
    """Return the scripts, handlers and styles of a page that its policy would have to stop."""
    return _INLINE.findall(html)


def policy_of(response: Any) -> dict[str, list[str]]:
    """Return the policy of an answer by directive."""
    directives = response.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for each in directives if (words := each.split())}
