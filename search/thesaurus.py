"""Words that mean the same to somebody who looks for a page. The list is `thesaurus.yaml`."""

import functools
from collections.abc import Mapping
from pathlib import Path

import yaml

from search.words import stems

_FILE = Path(__file__).with_name("thesaurus.yaml")


@functools.cache
def thesaurus() -> Mapping[str, frozenset[str]]:
    """Return, for the stem of each word in the list, the stems of what means the same."""
    found: dict[str, set[str]] = {}
    for group in yaml.safe_load(_FILE.read_text(encoding="utf-8")):
        own = {stem for word in group for stem in stems(word)[:1]}
        for each in own:
            found.setdefault(each, set()).update(own - {each})
    return {stem: frozenset(others) for stem, others in found.items()}
