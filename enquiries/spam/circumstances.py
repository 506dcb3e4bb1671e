"""What is judged, the numbers it is judged by, and what comes out."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """An enquiry as it came in, and what is known about its arrival.

    `from_same_network` and `same_text` count the enquiries before this one: in the last hour from
    the same address prefix, and in the last day with the same fingerprint. `seconds_on_form` is
    None if nobody knows.
    """

    full_name: str
    email: str
    telephone: str
    message: str
    honeypot: str
    seconds_on_form: float | None
    from_same_network: int
    same_text: int
    chose_condition: bool


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The numbers that a clinic may want to change. The defaults would rather let spam through."""

    threshold: float = 5.0
    """Points from which an enquiry is suspected."""

    per_network_per_hour: int = 10
    """Earlier enquiries from one network in an hour that are many. They never suffice alone."""

    flood_per_network_per_hour: int = 60
    """Earlier enquiries from one network in an hour that no hospital sends. They suffice alone."""

    repeats_per_day: int = 3
    """Earlier enquiries with the same text in a day that are many. They never suffice alone."""

    flood_of_repeats_per_day: int = 8
    """Earlier enquiries with the same text in a day that suffice alone."""

    links: int = 4
    """Links in a message that are many. Fewer are next to nothing: people link to their scans."""

    fastest_seconds: float = 3.0
    """Seconds on the form below which a person with autofill and a pasted text is unlikely."""

    impossible_seconds: float = 1.0
    """Seconds on the form below which hardly anybody could have sent it by hand."""

    most_relief: float = 3.5
    """Points that a patient's words can take off at most."""


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True)
class Reason:
    """One thing that spoke for spam, or against it when `weight` is below zero.

    `words` are for staff. They never quote the enquiry, so they can be kept when it is deleted.
    """

    key: str
    words: str
    weight: float


@dataclass(frozen=True)
class Judgement:
    """The sum of the reasons, and the reasons with the heaviest first."""

    score: float
    reasons: tuple[Reason, ...]
    threshold: float = DEFAULT_LIMITS.threshold

    @property
    def is_suspected(self) -> bool:
        """Say whether the enquiry should be set aside for staff to look at."""
        return self.score >= self.threshold

    @property
    def words(self) -> str:
        """Return what speaks for spam, for staff: a line for each reason."""
        return "\n".join(reason.words for reason in self.reasons if reason.weight > 0)
