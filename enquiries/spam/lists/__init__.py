"""The lists of words and addresses. To teach the checks a phrase, add it to a YAML file here.

A phrase is matched without case and accents. `rank*` takes any ending, `~` is any word, and any
number stands for every number.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from enquiries.spam.phrases import Phrases
from enquiries.spam.text import fold, tokens

_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Listed:
    """A phrase of a list: what kind of thing it speaks of, and how loudly."""

    kind: str
    strength: str
    phrase: str


@cache
def domains(name: str) -> frozenset[str]:
    """Return one of the lists of hosts or endings."""
    return frozenset(str(each) for each in _load("domains")[name])


@cache
def phrases(name: str) -> Phrases[Listed]:
    """Return a file of phrases, ready to look for."""
    return Phrases((listed.phrase, listed) for listed in entries(name))


@cache
def kinds(name: str) -> dict[str, str]:
    """Return what staff read for each kind of a file of phrases."""
    return {kind: str(lists["words"]) for kind, lists in _load(name).items()}


def entries(name: str) -> list[Listed]:
    """Return the phrases of a file as they stand there."""
    return [
        Listed(kind, strength, str(phrase))
        for kind, lists in _load(name).items()
        for strength, listed in lists.items()
        if strength != "words"
        for phrase in listed
    ]


@cache
def probes() -> frozenset[str]:
    """Return whole messages that only test the form, as they read without case and signs."""
    return frozenset(" ".join(tokens(fold(str(each)))) for each in _load("domains")["tests"])


@cache
def _load(name: str) -> dict[str, Any]:
    loaded = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return dict(loaded)
