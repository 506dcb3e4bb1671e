"""Guesses which page somebody wanted from an address that leads nowhere."""

import re
from urllib.parse import unquote

from search.finding import find
from search.models import SearchEntry
from visits.addresses import is_worth_noting

MOST = 3
_LONGEST = 120
# A picture or the like; no page is called so.
_FILE = re.compile(r"\.(?!html?$)[a-z0-9]{1,8}$", re.IGNORECASE)
_ENDING = re.compile(r"\.html?$", re.IGNORECASE)


def pages_like(path: str) -> list[SearchEntry]:
    """Return the pages that the words of an address speak of, likeliest first; mostly a few.

    None for what no reader typed: machines that look for a way in, files, private links.
    """
    if len(path) > _LONGEST or _FILE.search(path) or not is_worth_noting(path):
        return []
    words = re.sub(r"[/_+.-]+", " ", _ENDING.sub("", unquote(path)))
    return find(words).entries[:MOST]
