"""Joins two edits of a page that began at the same version, without losing either.

Knows nothing of models or forms: a snapshot goes in as data and comes out as data. What cannot be
joined without a person is a collision; until somebody picks, the words of whoever saves now stand.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Literal

Snapshot = dict[str, Any]
Kind = Literal["theirs", "mine", "same", "merged", "collision"]

LONG_TEXT = 200  # characters; a shorter single paragraph is one thing, and collides as one
# Finding what two sides share takes time that grows with these. No page comes near them; beyond
# them the editor picks a side, which is always safe.
MAX_UNITS = 2_000
MAX_PAIRS = 1_000_000

_PLACE_IN_ROW = "position"
_REFERENCE = {"pk", "text"}
# What begins something of its own though no empty line stands before it: list item, row, heading.
_BEGINS = re.compile(r"[ \t]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|\||#|>)")
_MISSING: Any = object()


@dataclass(frozen=True)
class Difference:
    """A place that at least one side changed. A side that does not have the place counts as None.

    `kind` is "theirs" or "mine" where one side changed it, "same" where both made the same change,
    "merged" where both changed it and both changes stand, "collision" where a person must pick.
    """

    place: str
    base: Any
    theirs: Any
    mine: Any
    merged: Any
    kind: Kind


@dataclass(frozen=True)
class Merge:
    """What became of two edits. In `data`, mine stands wherever they collide."""

    data: Snapshot
    differences: list[Difference]

    @property
    def collisions(self) -> list[Difference]:
        """The differences that a person must decide."""
        return [each for each in self.differences if each.kind == "collision"]


def merge(base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merge:
    """Return the snapshot with the changes of both sides since `base`, and what differed where.

    A side that lacks a place comes from software that did not know it, so it has not changed it.
    """
    bases, others, own = places(base), places(theirs), places(mine)
    data = _frame(mine, theirs, base)
    differences = []
    for place in dict.fromkeys([*own, *others, *bases]):
        value, found = _decide(place, *(side.get(place, _MISSING) for side in (bases, others, own)))
        _put(data, place, value)
        if found is not None:
            differences.append(found)
    return Merge(data, deepcopy(differences))


def resolve(merged: Merge, picks: Mapping[str, str]) -> Snapshot:
    """Return the merged snapshot with "mine" or "theirs" as picked for places that collide.

    Where nothing is picked, mine stands. A pick for a place without collision, or of anything
    else, raises ValueError: it was made for another merge.
    """
    collisions = {each.place: each for each in merged.collisions}
    data = deepcopy(merged.data)
    for place, pick in picks.items():
        if place not in collisions or pick not in ("mine", "theirs"):
            raise ValueError(f"There is no choice {pick!r} at {place!r}. Compare the edits again.")
        _put(data, place, deepcopy(getattr(collisions[place], pick)))
    return data


# --- places ---------------------------------------------------------------------------------------


def places(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a snapshot by place, such as `fields.body` or `rows.faqs`."""
    return {
        f"{part}.{name}": value
        for part, values in snapshot.items()
        if isinstance(values, Mapping)
        for name, value in values.items()
    }


def is_same(place: str, one: Any, other: Any) -> bool:
    """Tell whether two values at a place mean the same to a reader.

    The order of references means nothing, nor does what a referred row was called at the time.
    Rows are the same in the same order, whatever numbers keep them in it.
    """
    return _form(place, one) == _form(place, other)


def rows_in_order(rows: Sequence[Any]) -> list[Any]:
    """Return rows by their positions, or as they stand if any has none."""
    positions = [row.get(_PLACE_IN_ROW) if isinstance(row, Mapping) else None for row in rows]
    if not all(isinstance(each, int) for each in positions):
        return list(rows)
    return sorted(rows, key=lambda row: row[_PLACE_IN_ROW])


def _form(place: str, value: Any) -> str:
    if value is _MISSING:
        return ""
    if _holds_rows(place, value):
        return _dump([_row_form(row) for row in rows_in_order(value)])
    return _dump(_plain(value))


def _row_form(row: Any) -> str:
    if isinstance(row, Mapping):
        row = {name: value for name, value in row.items() if name != _PLACE_IN_ROW}
    return _dump(_plain(row))


def _dump(value: Any) -> str:
    # Not `==`, for which 1 and True are the same.
    return json.dumps(value, sort_keys=True)


def _plain(value: Any) -> Any:
    if is_reference(value):
        return {"pk": value["pk"]}
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        plain = [_plain(each) for each in value]
        return sorted(plain, key=_dump) if all(map(is_reference, value)) else plain
    return value


def is_reference(value: Any) -> bool:
    """Tell whether a value of a snapshot refers to another row."""
    return isinstance(value, Mapping) and "pk" in value and set(value) <= _REFERENCE


def _holds_rows(place: str, value: Any) -> bool:
    return place.startswith("rows.") and isinstance(value, list)


def _frame(*sides: Mapping[str, Any]) -> Snapshot:
    # What is no group of places is not for editors: it is taken as it comes, mine first.
    frame: Snapshot = {}
    for side in sides:
        for part, values in side.items():
            if isinstance(values, Mapping):
                frame[part] = {}
            else:
                frame.setdefault(part, values)
    return deepcopy(frame)


def _put(data: Snapshot, place: str, value: Any) -> None:
    part, _, name = place.partition(".")
    data[part][name] = deepcopy(value)


# --- one place ------------------------------------------------------------------------------------


def _decide(place: str, base: Any, theirs: Any, mine: Any) -> tuple[Any, Difference | None]:
    theirs = base if theirs is _MISSING else theirs
    mine = base if mine is _MISSING else mine
    if base is _MISSING and theirs is not _MISSING and mine is not _MISSING:
        base = _likely_base(theirs, mine)
    merged, kind = _merged(place, base, theirs, mine)
    if kind is None:
        return merged, None
    base, theirs, mine = (None if each is _MISSING else each for each in (base, theirs, mine))
    return merged, Difference(place, base, theirs, mine, merged, kind)


def _likely_base(theirs: Any, mine: Any) -> Any:
    # A place that is newer than the base starts empty, so whoever left it empty changed nothing.
    # If both are empty in different ways, the emptier one is taken, whoever's it is.
    empties: tuple[Any, ...] = (None, "", [], {})
    return next((each for each in empties if each in (theirs, mine)), _MISSING)


def _merged(place: str, base: Any, theirs: Any, mine: Any) -> tuple[Any, Kind | None]:
    before, other, own = (_form(place, each) for each in (base, theirs, mine))
    if other == own:
        return mine, None if own == before else "same"
    if other == before:
        return mine, "mine"
    if own == before:
        return theirs, "theirs"
    joined = _join(place, base, theirs, mine)
    return (mine, "collision") if joined is None else (joined, "merged")


def _join(place: str, base: Any, theirs: Any, mine: Any) -> Any:
    """Return what holds the changes of both sides, or None."""
    sides = [theirs, mine]
    if all(isinstance(each, list) for each in sides):
        base = [] if base is _MISSING or base is None else base
        if place.startswith("many."):
            return _join_references(base, theirs, mine)
        return _join_rows(base, theirs, mine) if place.startswith("rows.") else None
    texts = [base, *sides]
    if all(isinstance(each, str) for each in texts) and any(map(_is_long, texts)):
        return _join_texts(base, theirs, mine)
    return None


def _is_long(text: str) -> bool:
    return len(text) > LONG_TEXT or "\n" in text.strip()


def _join_references(base: list[Any], theirs: list[Any], mine: list[Any]) -> list[Any]:
    before, other, own = (
        {_dump(_plain(each)): each for each in side} for side in (base, theirs, mine)
    )
    kept = [each for key, each in own.items() if key in other or key not in before]
    return kept + [each for key, each in other.items() if key not in own and key not in before]


def _join_rows(base: list[Any], theirs: list[Any], mine: list[Any]) -> list[Any] | None:
    ordered = [rows_in_order(side) for side in (base, theirs, mine)]
    rows = {_row_form(row): row for side in ordered for row in side}
    joined = _join_units(*([_row_form(row) for row in side] for side in ordered))
    if joined is None:
        return None
    found = [deepcopy(rows[each]) for each in joined]
    for number, row in enumerate(found):
        if isinstance(row, dict) and _PLACE_IN_ROW in row:
            row[_PLACE_IN_ROW] = number
    return found


# --- sequences ------------------------------------------------------------------------------------


# From one place of the base to another, what stands there instead.
_Edit = tuple[int, int, tuple[str, ...]]


def _edits(base: list[str], side: list[str]) -> list[_Edit]:
    # Without autojunk, which overlooks what occurs often: an overlooked paragraph looks changed.
    steps = SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    return [(i1, i2, tuple(side[j1:j2])) for tag, i1, i2, j1, j2 in steps if tag != "equal"]


def _touch(one: _Edit, other: _Edit) -> bool:
    return one != other and one[0] <= other[1] and other[0] <= one[1]


def _join_units(base: list[str], theirs: list[str], mine: list[str]) -> list[str] | None:
    """Return the sequence with both sides' changes, or None where they touch."""
    if is_much_work(base, theirs) or is_much_work(base, mine):
        return None
    others, own = _edits(base, theirs), _edits(base, mine)
    if any(_touch(one, other) for one in own for other in others):
        return None
    joined: list[str] = []
    at = 0
    for start, end, instead in sorted({*others, *own}):
        joined += [*base[at:start], *instead]
        at = end
    joined += base[at:]
    return joined if _adds_up(base, theirs, mine, joined) else None


def is_much_work(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two sequences are too long, or too repetitive, to look for what they share."""
    counts = Counter(other)
    pairs = sum(number * counts[each] for each, number in Counter(one).items())
    return max(len(one), len(other)) > MAX_UNITS or pairs > MAX_PAIRS


def _adds_up(base: list[str], theirs: list[str], mine: list[str], joined: list[str]) -> bool:
    """Refuse a result that has something twice, or again, because a side moved it elsewhere."""
    before, other, own, after = map(Counter, (base, theirs, mine, joined))
    for each in {*before, *other, *own}:
        by_them, by_me = other[each] - before[each], own[each] - before[each]
        bounds = [before[each] + by_them + by_me]
        if by_them * by_me > 0:  # the same change may be meant once
            bounds.append(before[each] + (max if by_me > 0 else min)(by_them, by_me))
        if not max(0, min(bounds)) <= after[each] <= max(bounds):
            return False
    return True


# --- texts ----------------------------------------------------------------------------------------

_Pair = tuple[str | None, str | None]
_Between = dict[_Pair, set[str]]


def _join_texts(base: str, theirs: str, mine: str) -> str | None:
    """Merge by paragraph and list item; the space between two is merged by itself.

    Otherwise an item added at the end of a list would count as a change of the one before it.
    """
    texts = [_units(text) for text in (base, theirs, mine)]
    joined = _join_units(*(units for units, _ in texts))
    if joined is None:
        return None
    before, other, own = (between for _, between in texts)
    around = [None, *joined, None]
    parts: list[str] = []
    for pair in pairwise(around):
        space = _space(before.get(pair), other.get(pair), own.get(pair))
        if space is None:
            return None
        parts += [space, pair[1] or ""]
    return "".join(parts)


def _space(base: set[str] | None, theirs: set[str] | None, mine: set[str] | None) -> str | None:
    changed = [each for each in (mine, theirs) if each is not None and each != base]
    if len(changed) == 2 and mine != theirs:
        return None
    found = changed[0] if changed else base
    # Two of the same with different space between, in one text: no telling which is which.
    return next(iter(found)) if found is not None and len(found) == 1 else None


def _units(text: str) -> tuple[list[str], _Between]:
    """Return the paragraphs and list items of a text, and the space between each two of them."""
    chunks: list[list[str]] = []
    after_empty = True
    for line in _lines(text):
        empty = not line.strip()
        if chunks and (empty or not (after_empty or _BEGINS.match(line))):
            chunks[-1].append(line)
        else:
            chunks.append([line])
        after_empty = empty
    units: list[str] = []
    between: _Between = {}
    space, last = "", None
    for chunk in map("".join, chunks):
        unit = chunk.rstrip()
        if unit:
            between.setdefault((last, unit), set()).add(space)
            units.append(unit)
            space, last = chunk[len(unit) :], unit
        else:
            space += chunk
    between.setdefault((last, None), set()).add(space)
    return units, between


def _lines(text: str) -> Iterable[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
