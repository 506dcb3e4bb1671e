"""Shows people what changed between two versions of a page, word by word.

What came in and what went out is said in words too: colour alone would leave out whoever cannot
see it, and a screen reader need not announce `<ins>` and `<del>`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from publishing.merging import is_reference, is_same, places, rows_in_order

# Looking for what two texts share takes time that grows with the pairs of equal words. Beyond
# these, whole paragraphs are shown as taken out and put in: longer to read, but as true.
MAX_PAIRS = 40_000
MAX_TOKENS = 1_500
MAX_PARAGRAPHS = 1_500
LEAST_SHARED = 0.25  # with less in common, word by word is confetti

KEPT_AROUND = 1  # unchanged paragraphs that are shown on either side of a change
SHORT = 80  # characters; not worth a note that they are left out

_TOKEN = re.compile(
    r"""
    \[@[\w-]{1,40}\]                   # a citation
    | \]\([^()\s]{0,2000}              # where a link or a picture leads
    | https?://[^\s<>()\[\]]{1,2000}
    | [^\W_]+(?:[.,'’-][^\W_]+)*       # a word, a number
    | \s+
    | .
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_PARAGRAPH_END = re.compile(r"\n[ \t\r]*\n\s*")
# Cannot be sent, or would hide or turn round what is written beside it.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_MISSING: Any = object()


@dataclass(frozen=True)
class Comparison:
    """A place that differs, under its label; `html` has the new text with the old marked in it."""

    place: str
    label: str
    html: SafeString


@dataclass(frozen=True)
class Step:
    """Text that stayed, or text that went with the text that came in its place.

    `paragraphs` is set where whole paragraphs stayed.
    """

    kept: str = ""
    removed: str = ""
    added: str = ""
    paragraphs: tuple[str, ...] = ()


def compare(
    old: Mapping[str, Any], new: Mapping[str, Any], labels: Mapping[str, str]
) -> list[Comparison]:
    """Return the places in which two snapshots differ: those with a label first, in its order."""
    before, after = places(old), places(new)
    known = {*before, *after}
    order = [place for place in labels if place in known]
    order += sorted(known - set(order))
    return [
        Comparison(place, labels.get(place) or _humanised(place), html)
        for place in order
        if (html := _compared(place, before.get(place, _MISSING), after.get(place, _MISSING)))
    ]


def changed_words(old: str, new: str) -> tuple[list[str], list[str]]:
    """Return the words that went and the words that came, in order, without punctuation."""
    removed: list[str] = []
    added: list[str] = []
    for step in steps(old, new):
        removed += words(step.removed)
        added += words(step.added)
    return removed, added


def words(text: str) -> list[str]:
    """Return the words and numbers of a text."""
    return [token for token in tokens(text) if any(map(str.isalnum, token))]


def tokens(text: str) -> list[str]:
    """Return a text in words, citations, link targets, white space and single other characters."""
    return _TOKEN.findall(text)


# --- what changed ---------------------------------------------------------------------------------


@dataclass
class _Work:
    """How much looking for shared words is still allowed in one text."""

    pairs: int = MAX_PAIRS
    longest: int = field(default=MAX_TOKENS)

    def allows(self, one: Sequence[str], other: Sequence[str]) -> bool:
        if max(len(one), len(other)) > self.longest:
            return False
        counts = Counter(each for each in other if not each.isspace())
        pairs = sum(number * counts[each] for each, number in Counter(one).items())
        if pairs > self.pairs:
            return False
        self.pairs -= pairs
        return True


def steps(old: str, new: str) -> list[Step]:
    """Return how one text became the other.

    What stayed and went, in order, is the old text; what stayed and came, the new.
    """
    one, other = _paragraphs(old), _paragraphs(new)
    start = _shared_start(one, other)
    end = _shared_start(one[start:][::-1], other[start:][::-1])
    head, tail = one[:start], one[len(one) - end :]
    found = [
        _whole(head),
        *_between(one[start : len(one) - end], other[start : len(other) - end]),
        _whole(tail),
    ]
    return [part for step in found for part in _trimmed(step) if part != Step()]


def _trimmed(step: Step) -> list[Step]:
    """Keep the white space that both sides of a change begin or end with out of its marks."""
    if not (step.removed.strip() and step.added.strip()):
        return [step]
    one, other = step.removed, step.added
    start = _shared_start(one[: -len(one.lstrip())], other[: -len(other.lstrip())])
    end = _shared_start(one[len(one.rstrip()) :][::-1], other[len(other.rstrip()) :][::-1])
    return [
        Step(kept=one[:start]),
        Step(removed=one[start : len(one) - end], added=other[start : len(other) - end]),
        Step(kept=one[len(one) - end :]),
    ]


def _paragraphs(text: str) -> list[str]:
    ends = [match.end() for match in _PARAGRAPH_END.finditer(text)]
    found = [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
    return [each for each in found if each]


def _shared_start(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _whole(paragraphs: Sequence[str]) -> Step:
    return Step(kept="".join(paragraphs), paragraphs=tuple(paragraphs))


def _between(one: list[str], other: list[str]) -> Iterator[Step]:
    if not _Work(pairs=4 * MAX_PARAGRAPHS, longest=MAX_PARAGRAPHS).allows(one, other):
        yield Step(removed="".join(one), added="".join(other))
        return
    work = _Work()
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield _whole(one[a1:a2])
        else:
            yield from _block(one[a1:a2], other[b1:b2], work)


def _block(one: list[str], other: list[str], work: _Work) -> Iterator[Step]:
    """Compare changed paragraphs as one text, or in pairs if together they are too much."""
    found = _by_word("".join(one), "".join(other), work)
    if found is None and len(one) == len(other) > 1:
        for a, b in zip(one, other, strict=True):
            yield from _by_word(a, b, work) or [Step(removed=a, added=b)]
        return
    yield from found or [Step(removed="".join(one), added="".join(other))]


def _by_word(old: str, new: str, work: _Work) -> list[Step] | None:
    """Return the steps in words, or nothing if that is too much work or too little to show."""
    one, other = tokens(old), tokens(new)
    if not work.allows(one, other):
        return None
    # White space alone does not hold two texts together: five new words are one change.
    matcher = SequenceMatcher(str.isspace, one, other, autojunk=False)
    found = []
    shared = 0
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            shared += sum(not each.isspace() for each in one[a1:a2])
            found.append(Step(kept="".join(one[a1:a2])))
        else:
            found.append(Step(removed="".join(one[a1:a2]), added="".join(other[b1:b2])))
    most = max(sum(not each.isspace() for each in side) for side in (one, other))
    return found if shared >= LEAST_SHARED * most else None


# --- values as text -------------------------------------------------------------------------------


def _humanised(place: str) -> str:
    words = place.partition(".")[2].replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def readable(value: Any) -> str:
    """Return a value of a snapshot as lines of text: rows, lists and references by their names."""
    if isinstance(value, str):
        return _seen(value)
    if value in (None, [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        gap = "\n\n" if any(_is_row(each) for each in value) else "\n"
        return gap.join(_line(each) for each in value)
    return _line(value)


def _is_row(value: Any) -> bool:
    return isinstance(value, Mapping) and not is_reference(value)


def _line(value: Any) -> str:
    if is_reference(value):
        return _seen(str(value.get("text") or f"number {value['pk']}"))
    if isinstance(value, Mapping):
        return "\n".join(
            f"{_seen(_humanised(f'.{name}'))}: {_inline(each)}" for name, each in value.items()
        )
    return readable(value) if isinstance(value, (str, bool, list)) or value is None else str(value)


def _inline(value: Any) -> str:
    if isinstance(value, list) and value and not any(_is_row(each) for each in value):
        return "; ".join(sorted(map(_line, value)) if _is_set(value) else map(_line, value))
    return readable(value) if value != "" else "nothing"


def _is_set(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_reference, value))


def _laid_out(place: str, value: Any) -> Any:
    """Return a value in the order, and with the names, in which it is shown."""
    if _is_set(value):
        return sorted(value, key=lambda each: (str(each.get("text")), str(each["pk"])))
    if place.startswith("rows.") and isinstance(value, list):
        return [
            {name: each for name, each in row.items() if name != "position"}
            if isinstance(row, Mapping)
            else row
            for row in rows_in_order(value)
        ]
    return value


def _numbered(value: Any) -> Any:
    if is_reference(value):
        return value | {"text": f"{_line(value)} (number {value['pk']})"}
    if isinstance(value, Mapping):
        return {name: _numbered(each) for name, each in value.items()}
    return [_numbered(each) for each in value] if isinstance(value, list) else value


def _seen(text: str) -> str:
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n"))


# --- showing --------------------------------------------------------------------------------------


def _compared(place: str, old: Any, new: Any) -> SafeString | None:
    old, new = _comparable(old, new), _comparable(new, old)
    if is_same(place, old, new):
        return None
    old, new = _laid_out(place, old), _laid_out(place, new)
    before, after = readable(old), readable(new)
    if before == after:
        # Two people of one name, or the number 1 and the word “1”.
        before, after = readable(_numbered(old)), readable(_numbered(new))
    if before == after:
        before, after = (_seen(json.dumps(each, ensure_ascii=False)) for each in (old, new))
    if before == after:
        return _mark(f"{after} [changed in characters that cannot be shown]")
    return _html(steps(before, after))


def _comparable(value: Any, other: Any) -> Any:
    if value is not _MISSING and value is not None:
        return value
    # A text that is not there reads like an empty one, and so does a list.
    return type(other)() if isinstance(other, (str, list, dict)) else None


def _html(found: list[Step]) -> SafeString:
    last = len(found) - 1
    return format_html_join(
        "",
        "{}",
        (
            (_stayed(step, first=at == 0, last=at == last) if step.kept else _changed(step),)
            for at, step in enumerate(found)
        ),
    )


def _stayed(step: Step, *, first: bool, last: bool) -> SafeString:
    before = 0 if first else KEPT_AROUND
    after = 0 if last else KEPT_AROUND
    end = len(step.paragraphs) - after
    left_out = step.paragraphs[before:end]
    if len("".join(left_out)) < SHORT:
        return _text(step.kept)
    number = f"{len(left_out)} paragraph{'' if len(left_out) == 1 else 's'}"
    return format_html(
        '{}<span class="compare__gap">… ({} unchanged) …</span><br>\n{}',
        _text("".join(step.paragraphs[:before])),
        number,
        _text("".join(step.paragraphs[end:])),
    )


def _changed(step: Step) -> SafeString:
    removed = _marked("del", "deleted", step.removed)
    return format_html("{}{}", removed, _marked("ins", "added", step.added))


def _marked(tag: str, what: str, text: str) -> SafeString:
    if not text:
        return mark_safe("")
    # A mark stands beside the words that it is about, and not a paragraph away from them.
    words = text.strip("\n") if text.strip() else text
    before, _, after = text.partition(words)
    note = "" if text.strip() else _name_of_space(text)
    return format_html(
        "<{tag}>{before}{open}{words}{close}{after}</{tag}>",
        tag=tag,
        before=_text(before),
        open=_mark(f"[{what}: {note}"),
        words=_text(words),
        close=_mark("]"),
        after=_text(after),
    )


def _name_of_space(text: str) -> str:
    lines = text.count("\n")
    return ("space", "line break")[lines] if lines < 2 else "empty line"


def _mark(text: str) -> SafeString:
    return format_html('<span class="compare__mark">{}</span>', text)


def _text(text: str) -> SafeString:
    lines = ((line,) for line in text.split("\n"))
    return format_html_join(mark_safe("<br>\n"), "{}", lines)
