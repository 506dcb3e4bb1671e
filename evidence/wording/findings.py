"""What the wording check hands back: one finding for each doubtful wording."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """A wording that an editor should look at, with its place in the original text.

    `start` and `end` count characters from 0; `line` and `column` count from 1. `text` is exactly
    what stands between them, mark-up included. `sentence` is the whole sentence as readers see it,
    with the words it leans on, such as a list's lead-in.
    """

    start: int
    end: int
    kind: str
    severity: str
    line: int
    column: int
    text: str
    message: str
    rule: str
    suggestion: str
    rule_id: str = ""
    sentence: str = ""
