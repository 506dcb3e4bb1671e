"""A block of a text: its role, and the stretches of the original it is made of."""

from dataclasses import dataclass


@dataclass
class Block:
    """A heading, paragraph, item, cell or field. `row` and `column` place a table's cell."""

    role: str
    stretches: list[tuple[int, int]]
    row: int = 0
    column: int = 0
