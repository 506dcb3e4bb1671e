"""The phrases that a new site starts with."""

from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("seed.yaml")


def seed() -> list[dict[str, Any]]:
    """Return a row for each pattern: key, words, level, condition, sign, source, and its mark.

    A sign with several patterns has several rows: the first has its key, the others a number too.
    """
    rows = []
    for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8")):
        patterns = entry.pop("words")
        for number, words in enumerate(patterns, 1):
            key = entry["key"] if number == 1 else f"{entry['key']}-{number}"
            rows.append({"condition": "", **entry, "key": key, "words": words})
    return rows
