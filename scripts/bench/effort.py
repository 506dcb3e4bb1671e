"""How long is measured: fully, or just long enough to see that it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """How often and how long each thing is measured."""

    pairs: int  # of a comparison, one after the other: A, B, A, B …
    seconds: float  # of load for each half of a pair
    warm_up: float  # seconds of load before anything is measured
    rounds: int  # for each candidate among the servers
    starts: int  # of the server, for the time to its first answer
    leak_requests: int  # between the two looks at the memory
    enquiries: int  # for each half of a pair
    sizes: tuple[int, ...]  # of the growing site, in articles
    repeats: int  # of each page of the growing site
    load_seconds: int  # of the day's busiest hour, ten times over

    @property
    def name(self) -> str:
        """Full or short."""
        return "full" if self is FULL else "short"


FULL = Effort(
    pairs=5, seconds=3, warm_up=1, rounds=2, starts=5, leak_requests=100_000, enquiries=120,
    sizes=(40, 4_000, 40_000), repeats=15, load_seconds=60,
)  # fmt: skip
SHORT = Effort(
    pairs=2, seconds=1, warm_up=0.5, rounds=1, starts=2, leak_requests=10_000, enquiries=20,
    sizes=(40, 400), repeats=5, load_seconds=8,
)  # fmt: skip
