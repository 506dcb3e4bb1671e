"""Finds the regular expressions of the site's own code and makes texts that each finds hard.

Run as a program it tries them all, and ends when the last is done. An expression that backtracks
without bound (such as `(a+)+b`) would not be done in years.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 500
_REPEATING = {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT}
_ENDS = ("\x00", "a!", "\n\n")
_MANY = 30  # more than this is as good as any number
_FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall",
              "finditer"}  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """A regular expression and where it stands."""

    place: str
    pattern: "re.Pattern[str]"


def packages() -> list[Path]:
    """Return the folders of the site's apps."""
    return sorted(each.parent for each in ROOT.glob("*/apps.py"))


def expressions() -> list[Expression]:
    """Return each expression of the apps once: those kept in modules, and literals in calls."""
    return list({each.pattern: each for each in _all()}.values())


def _all() -> Iterator[Expression]:
    for folder in packages():
        for path in sorted(folder.rglob("*.py")):
            if "migrations" in path.parts or "management" in path.parts:
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            place = name.removesuffix(".__init__")
            yield from _compiled(place)
            yield from _written(place, ast.parse(path.read_text(encoding="utf-8")))


def _compiled(place: str) -> Iterator[Expression]:
    for name, value in vars(import_module(place)).items():
        each = value.pattern if isinstance(value, re.Pattern) else None
        if isinstance(each, str):
            yield Expression(f"{place}.{name}", value)


def _written(place: str, tree: ast.Module) -> Iterator[Expression]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of, first = node.func.value, node.args[0]
        is_call = isinstance(of, ast.Name) and of.id == "re" and node.func.attr in _FUNCTIONS
        if is_call and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield Expression(f"{place}:{node.lineno}", re.compile(first.value))


def hard_texts(pattern: "re.Pattern[str]") -> Iterator[str]:
    """Yield texts that begin to fit, go on fitting for long, and do not fit in the end."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    for before, again in _repeats(tree, ""):
        for end in _ENDS:
            yield before + again * REPEATS + end


def _repeats(items: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield each part that may come many times: what leads to it, and the part once."""
    for kind, value in items:
        if kind in _REPEATING:
            _, most, inner = value
            yield from _repeats(inner, before)
            if most == kinds.MAXREPEAT or most > _MANY:
                for each in {_sample(inner, 0), _sample(inner, 1)} - {""}:
                    yield before, each
        elif kind is kinds.SUBPATTERN:
            yield from _repeats(value[-1], before)
        elif kind is kinds.ATOMIC_GROUP:
            yield from _repeats(value, before)
        elif kind is kinds.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, before)
        before += _sample([(kind, value)], 0)


def _sample(items: Any, choice: int) -> str:
    """Return a short text that the parts may fit."""
    return "".join(_one(kind, value, choice) for kind, value in items)


def _one(kind: Any, value: Any, choice: int) -> str:
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.IN:
        return _member(value, choice)
    if kind is kinds.ANY:
        return "a "[choice]
    if kind is kinds.NOT_LITERAL:
        return "b" if value == ord("a") else "a"
    if kind in _REPEATING:
        return _sample(value[2], choice) * max(1, value[0])
    if kind is kinds.SUBPATTERN:
        return _sample(value[-1], choice)
    if kind is kinds.ATOMIC_GROUP:
        return _sample(value, choice)
    if kind is kinds.BRANCH:
        return _sample(value[1][min(choice, len(value[1]) - 1)], choice)
    return ""


_CATEGORIES = {
    kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "a",
    kinds.CATEGORY_NOT_DIGIT: "a", kinds.CATEGORY_NOT_SPACE: "a", kinds.CATEGORY_NOT_WORD: " ",
}  # fmt: skip


def _member(members: Any, choice: int) -> str:
    if members[0][0] is kinds.NEGATE:
        out = re.compile("[" + "".join(_spelt(each) for each in members[1:]) + "]")
        return next((each for each in 'a 1-.<"é'[choice:] if not out.match(each)), "")
    kind, value = members[min(choice, len(members) - 1)]
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.RANGE:
        return chr(value[0])
    return _CATEGORIES.get(value, "a")


def _spelt(member: Any) -> str:
    kind, value = member
    if kind is kinds.LITERAL:
        return re.escape(chr(value))
    if kind is kinds.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    letters = {" ": r"\s", "1": r"\d", "a": r"\w"}
    return letters[_CATEGORIES[value]]


def main() -> None:
    """Try every expression with every text, and say which is being tried."""
    import django

    django.setup()
    for each in expressions():
        print(each.place, flush=True)  # noqa: T201
        for text in hard_texts(each.pattern):
            each.pattern.search(text)
            each.pattern.fullmatch(text)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
