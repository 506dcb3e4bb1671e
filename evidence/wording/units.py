"""Cuts a text into units that are read by themselves: headings, paragraphs, list items, cells …"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from evidence.wording import html_blocks, markdown_blocks
from evidence.wording.blocks import Block
from evidence.wording.inline import Extras, strip
from evidence.wording.mapped import Mapped

_READERS: dict[str, Callable[[str], Iterator[Block]]] = {
    "markdown": markdown_blocks.read,
    "html": html_blocks.read,
    "text": markdown_blocks.read_plain,
}
FORMATS = tuple(_READERS)
_LEAD_WORDS = frozenset({"following", "include", "includes", "including", "these", "below"})


@dataclass
class Unit:
    """A stretch of text read by itself, with the words it leans on (a list's lead-in)."""

    role: str
    mapped: Mapped
    lead: "Unit | None" = None
    section: int = 0
    heading: "Unit | None" = None
    row_citations: list[int] = field(default_factory=list)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.mapped.text


def read_units(text: str, format: str) -> list[Unit]:  # noqa: A002 (the public name)
    """Return the units of a text in reading order. `format` is one of FORMATS."""
    units: list[Unit] = []
    heading: Unit | None = None
    previous: Unit | None = None
    column_heads: list[Unit] = []
    row_citations: list[int] = []
    section = 0
    for block in _READERS[format](text):
        mapped, extras = Mapped(), Extras()
        for start, end in block.stretches:
            if mapped.starts:
                mapped.add_as(" ", start, start)
            strip(text, start, end, mapped, extras, markdown=format == "markdown")
        unit = Unit(block.role, mapped, section=section, heading=heading)
        units.extend(_extra_units(extras, unit))
        if not unit.text.strip():
            continue
        if unit.role == "heading":
            section += 1
            unit.section, heading, previous = section, unit, unit
        elif unit.role == "item":
            unit.lead = _lead(previous, heading)
        elif unit.role == "cell":
            unit.lead = _column_head(column_heads, unit, block)
            row_citations = [] if block.column == 0 else row_citations
            row_citations.extend(mapped.citations)
            unit.row_citations = row_citations
        else:
            previous = unit
        units.append(unit)
    return units


def _lead(previous: Unit | None, heading: Unit | None) -> Unit | None:
    """A list leans on the paragraph that leads into it, or on the heading it stands under."""
    if previous is None or previous.role == "heading":
        return heading
    words = previous.text.lower().rstrip()
    if words.endswith(":") or _LEAD_WORDS & set(words.rstrip(".").split()[-12:]):
        return previous
    return None


def _column_head(heads: list[Unit], unit: Unit, block: Block) -> Unit | None:
    if block.row == 0:
        if block.column == 0:
            heads.clear()
        heads.append(unit)
        return None
    return heads[block.column] if block.column < len(heads) else None


def _extra_units(extras: Extras, beside: Unit) -> Iterator[Unit]:
    for role, text, start in extras.found:
        mapped = Mapped()
        mapped.add(text, start)
        yield Unit(role, mapped, section=beside.section, heading=beside.heading)
