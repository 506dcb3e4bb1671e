"""Prints how often the spam judgement is wrong on the labelled corpus, and where.

Run as `python -m scripts.spam_quality`. It fails when a rate is too high: a false positive is a
patient who waits, so there may be far fewer of them.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from enquiries.spam.judgement import Circumstances, Judgement, judge

FOLDER = Path(__file__).resolve().parents[1] / "tests/enquiries"
MOST_FALSE_POSITIVES = 0.02
MOST_FALSE_NEGATIVES = 0.10
_ORDINARY: dict[str, Any] = {
    "full_name": "Alex Example",
    "email": "alex@example.com",
    "telephone": "",
    "honeypot": "",
    "seconds_on_form": 75.0,
    "from_same_network": 0,
    "same_text": 0,
    "chose_condition": False,
}
# Shorter names in the corpus.
_FIELDS = {"name": "full_name", "seconds": "seconds_on_form"}


@dataclass(frozen=True)
class Example:
    """An enquiry of the corpus, and what it is."""

    is_spam: bool
    language: str
    is_held_out: bool
    circumstances: Circumstances

    @cached_property
    def judgement(self) -> Judgement:
        """What the judgement says of it."""
        return judge(self.circumstances)

    @property
    def is_mistaken(self) -> bool:
        """Say whether the judgement is wrong."""
        return self.judgement.is_suspected != self.is_spam


@dataclass(frozen=True)
class Rates:
    """How many enquiries were judged wrongly."""

    genuine: int
    suspected: int
    spam: int
    missed: int

    @property
    def false_positives(self) -> float:
        """The share of genuine enquiries that were suspected."""
        return self.suspected / self.genuine if self.genuine else 0.0

    @property
    def false_negatives(self) -> float:
        """The share of spam that was not suspected."""
        return self.missed / self.spam if self.spam else 0.0

    @property
    def are_good(self) -> bool:
        """Say whether both rates are low enough."""
        return (
            self.false_positives <= MOST_FALSE_POSITIVES
            and self.false_negatives <= MOST_FALSE_NEGATIVES
        )

    def __str__(self) -> str:
        return (
            f"{self.genuine:8}{self.suspected:11}{self.false_positives:8.3f}"
            f"{self.spam:8}{self.missed:8}{self.false_negatives:8.3f}"
        )


@cache
def examples() -> tuple[Example, ...]:
    """Return the whole corpus."""
    return tuple(each for path in sorted(FOLDER.glob("spam_corpus*.yaml")) for each in _read(path))


def rates(chosen: Iterable[Example]) -> Rates:
    """Judge examples and count the mistakes."""
    counts = {(spam, wrong): 0 for spam in (True, False) for wrong in (True, False)}
    for example in chosen:
        counts[example.is_spam, example.is_mistaken] += 1
    return Rates(
        genuine=counts[False, False] + counts[False, True],
        suspected=counts[False, True],
        spam=counts[True, False] + counts[True, True],
        missed=counts[True, True],
    )


def _read(path: Path) -> Iterator[Example]:
    corpus = yaml.safe_load(path.read_text(encoding="utf-8"))
    for label in ("genuine", "spam"):
        for language, entries in corpus[label].items():
            for entry in entries:
                given = {"message": entry} if isinstance(entry, str) else entry
                given = {_FIELDS.get(name, name): value for name, value in given.items()}
                yield Example(
                    label == "spam",
                    str(language),
                    bool(corpus["held_out"]),
                    Circumstances(**{**_ORDINARY, **given}),
                )


def _describe(example: Example) -> str:
    judgement = example.judgement
    why = ", ".join(f"{reason.key} {reason.weight:+.2f}" for reason in judgement.reasons)
    part = "held out" if example.is_held_out else "tuned on"
    label = "missed spam" if example.is_spam else "SUSPECTED GENUINE"
    message = " ".join(example.circumstances.message.split())[:90]
    return f"{label} ({part}, {example.language}) {judgement.score:.2f} [{why}]: {message}"


def main() -> int:
    """Print the table and the mistakes; return 1 if a rate is too high."""
    corpus = examples()
    languages = sorted({example.language for example in corpus})
    parts = [
        ("all", corpus),
        ("held out", [each for each in corpus if each.is_held_out]),
        ("tuned on", [each for each in corpus if not each.is_held_out]),
        *((name, [each for each in corpus if each.language == name]) for name in languages),
    ]
    print(f"{'':10} genuine  suspected    rate    spam  missed    rate")
    for name, chosen in parts:
        print(f"{name:10}{rates(chosen)}")
    print(*(_describe(each) for each in corpus if each.is_mistaken), sep="\n")
    return 0 if rates(corpus).are_good else 1


if __name__ == "__main__":
    sys.exit(main())
