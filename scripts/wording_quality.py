"""Prints precision and recall of the wording check on the labelled corpus.

Run as `python -m scripts.wording_quality`; with `--mistakes` it lists each wrong answer as well.
With `--speed` it prints how fast the check is, and nothing else, as JSON: `scripts.bench` asks so.
"""

import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from evidence.wording import check_text

CORPUS = Path(__file__).resolve().parents[1] / "tests/evidence/wording/corpus.yaml"
PARTS = ("dev", "held_out", "fresh")
RUNS = 25
WORDS = 1500


@dataclass
class Score:
    """Counts of right, wrong and missed findings by kind, and the sentences behind the mistakes."""

    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    mistakes: list[str] = field(default_factory=list)

    def precision(self, kind: str | None = None) -> float:
        """Return the share of findings that are right."""
        return _share(*(_count(each, kind) for each in (self.right, self.wrong)))

    def recall(self, kind: str | None = None) -> float:
        """Return the share of labelled kinds that are found."""
        return _share(*(_count(each, kind) for each in (self.right, self.missed)))

    def kinds(self) -> list[str]:
        """Return all kinds met."""
        return sorted({*self.right, *self.wrong, *self.missed})


def sentences(part: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each sentence of a part of the corpus with the kinds expected."""
    corpus = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))
    for label, texts in corpus[part].items():
        kinds = frozenset() if label == "clean" else frozenset(label.split("+"))
        for text in texts:
            yield text, kinds


def score(*parts: str) -> Score:
    """Run the check over parts of the corpus."""
    result = Score()
    for part in parts:
        for text, expected in sentences(part):
            found = {finding.kind for finding in check_text(text)}
            result.right.update(found & expected)
            result.wrong.update(found - expected)
            result.missed.update(expected - found)
            result.mistakes += [f"{part} wrong {kind}: {text}" for kind in sorted(found - expected)]
            result.mistakes += [
                f"{part} missed {kind}: {text}" for kind in sorted(expected - found)
            ]
    return result


def speed() -> dict[str, float]:
    """Return the median times of a page of 1,500 words, on one core, the rules being loaded.

    There is the processor's time and the clock's: on a machine that is busy with something else
    they differ, and the first is the engine's own.
    """
    text = "\n\n".join(text for part in PARTS for text, _ in sentences(part))
    page = " ".join(text.split(" ")[:WORDS])
    check_text(page)
    busy, passed = [], []
    for _ in range(RUNS):
        start, clock = time.process_time(), time.perf_counter()
        check_text(page)
        busy.append(time.process_time() - start)
        passed.append(time.perf_counter() - clock)
    return {
        "words": WORDS,
        "runs": RUNS,
        "processor_milliseconds": round(statistics.median(busy) * 1000, 1),
        "clock_milliseconds": round(statistics.median(passed) * 1000, 1),
    }


def told(times: dict[str, float]) -> str:
    """Return the times as a person reads them."""
    return (
        "{processor_milliseconds} ms of processor time ({clock_milliseconds} ms by the clock) for"
        " {words:,} words of the corpus, a page with many findings: the median of {runs} runs on"
        " one core"
    ).format(**times)


def _count(counter: Counter[str], kind: str | None) -> int:
    return counter.total() if kind is None else counter[kind]


def _share(right: int, other: int) -> float:
    return right / (right + other) if right + other else 1.0


def main() -> None:
    """Print the tables, or the speed alone."""
    if "--speed" in sys.argv:
        times = speed()
        print(json.dumps(times | {"told": told(times)}))
        return
    for name, parts in (*((part, (part,)) for part in PARTS), ("all", PARTS)):
        result = score(*parts)
        size = [expected for part in parts for _, expected in sentences(part)]
        clean = sum(1 for expected in size if not expected)
        print(f"\n{name}: {len(size)} sentences, {clean} clean\n{'':26}precision recall")
        for kind in [*result.kinds(), None]:
            print(f"{kind or 'over all':26}{result.precision(kind):9.3f}{result.recall(kind):7.3f}")
        if "--mistakes" in sys.argv and name != "all":
            print("\n".join(result.mistakes))
    print(f"\n{told(speed())}")


if __name__ == "__main__":
    main()
