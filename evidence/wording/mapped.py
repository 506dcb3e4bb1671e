"""Text that remembers where each of its characters stands in the original."""

import unicodedata
from dataclasses import dataclass, field

# Each is replaced by one plain character, so that places stay as they are.
_PLAIN = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2007": " ", "\t": " ", "\n": " ", "\r": " ",
        "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "′": "'", "“": '"', "”": '"', "„": '"',
        "«": '"', "»": '"', "‐": "-", "‑": "-", "‒": "–", "−": "-", "―": "—",
    }
)  # fmt: skip


@dataclass
class Mapped:
    """Readable text, with the original's start and end for each of its characters."""

    pieces: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    citations: list[int] = field(default_factory=list)

    def add(self, text: str, start: int) -> None:
        """Add a run that stands at `start` in the original, character for character."""
        if not unicodedata.is_normalized("NFKC", text):
            for place, character in enumerate(text, start):
                plain = character.translate(_PLAIN)
                plain = plain if plain != character else unicodedata.normalize("NFKC", character)
                self.add_as(plain, place, place + 1)
            return
        self.pieces.append(text.translate(_PLAIN))
        self.starts.extend(range(start, start + len(text)))
        self.ends.extend(range(start + 1, start + len(text) + 1))

    def add_as(self, text: str, start: int, end: int) -> None:
        """Add text that stands for the stretch from `start` to `end` of the original."""
        self.pieces.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))

    def add_plain(self, text: str, start: int, end: int) -> None:
        """Add what an entity or escape stands for, with typographic variants made plain."""
        self.add_as(unicodedata.normalize("NFKC", text.translate(_PLAIN)), start, end)

    def cite(self) -> None:
        """Note that a source is cited at this place."""
        self.citations.append(len(self.starts))

    @property
    def text(self) -> str:
        """The readable text."""
        return "".join(self.pieces)
