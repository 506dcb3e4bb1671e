"""Prints how well red flags are found in the labelled corpus, and lists every mistake.

Run as `python -m scripts.red_flag_quality`. Stops with 1 if signs are missed, or ordinary enquiries
flagged, more often than the bounds below allow. The corpus says at its top what each round that was
held out came to before its mistakes were read.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from enquiries.red_flags.matching import LEVELS, Match, Phrase, match
from enquiries.red_flags.seed import seed

CORPUS = Path(__file__).resolve().parents[1] / "tests/enquiries/red_flag_corpus.yaml"
LEAST_RECALL = 0.97
MOST_FALSE_ALARMS = 0.05


@dataclass(frozen=True, kw_only=True)
class Message:
    """A labelled message of the corpus."""

    text: str
    expect: str
    condition: str = ""
    held_out: bool = False


@dataclass(frozen=True)
class Quality:
    """Shares of a part of the corpus, and the messages that came out wrong."""

    counts: dict[str, int]
    recall: float
    handled: float
    false_alarms: float
    mistakes: list[str]


def messages() -> list[Message]:
    """Return the corpus."""
    return [Message(**row) for row in yaml.safe_load(CORPUS.read_text(encoding="utf-8"))]


def phrases() -> list[Phrase]:
    """Return the phrases that a new site starts with."""
    fields = ("key", "words", "level", "condition")
    return [Phrase(**{field: row[field] for field in fields}) for row in seed()]


def is_right(message: Message, found: Sequence[Match]) -> bool:
    """Say whether the matcher did with a message what its label asks for."""
    strong = [each for each in found if not each.is_weakened]
    if message.expect == "none":
        return not strong
    if message.expect == "weakened":
        return bool(found) and not strong
    enough = LEVELS[: LEVELS.index(message.expect) + 1]
    return any(each.phrase.level in enough for each in strong)


def quality(corpus: Sequence[Message]) -> Quality:
    """Measure the matcher, with the seeded phrases, on messages."""
    every = phrases()
    right: dict[str, list[bool]] = {"sign": [], "weakened": [], "none": []}
    mistakes = []
    for message in corpus:
        found = match(message.text, every, message.condition)
        is_good = is_right(message, found)
        kind = "sign" if message.expect in LEVELS else message.expect
        right[kind].append(is_good)
        if not is_good:
            got = ", ".join(
                f"{each.phrase.key}{f' ({each.why_weakened})' if each.is_weakened else ''}"
                for each in found
            )
            mistakes.append(f"{message.expect}: {message.text}\n    found: {got or 'nothing'}")
    return Quality(
        {kind: len(each) for kind, each in right.items()},
        _share(right["sign"]),
        _share(right["weakened"]),
        1 - _share(right["none"]),
        mistakes,
    )


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 1.0


def main() -> None:
    """Print the figures and the mistakes."""
    corpus = messages()
    over_all = quality(corpus)
    held_out = quality([message for message in corpus if message.held_out])
    for name, result in (("over all", over_all), ("held out", held_out)):
        counts = ", ".join(f"{count} {kind}" for kind, count in result.counts.items())
        print(
            f"{name} ({counts}): recall on signs {result.recall:.3f}, weakened ones handled "
            f"{result.handled:.3f}, false alarms {result.false_alarms:.3f}"
        )
    print("(phrases were widened since; the corpus has the figures from before)")
    print("\n".join(["", *over_all.mistakes]))
    if over_all.recall < LEAST_RECALL or over_all.false_alarms > MOST_FALSE_ALARMS:
        sys.exit(1)


if __name__ == "__main__":
    main()
