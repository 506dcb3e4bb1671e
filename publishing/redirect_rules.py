"""What may be led where: addresses as people type them, and what a redirect would come to.

A redirect leads from a path of this site to a path of this site. One that led elsewhere would lend
our address to a website that nobody here looks after; a link on a page does that better.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.utils.encoding import repercent_broken_unicode

from publishing.answering import answering, with_slash
from publishing.models import Redirect
from publishing.text import clean_line
from visits.addresses import first_part, is_for_readers

MAX_LETTERS: int = Redirect._meta.get_field("old_path").max_length or 0


class WrongAddress(Exception):
    """What was typed is no address that a redirect can be about. Says what to do."""


class Outcome(Enum):
    """What becomes of a redirect that somebody asks for, in the words that staff are shown."""

    NEW = "New"
    REPLACES = "Replaces"
    CHAIN = "Shortened"
    SAME = "There already"
    HEADING = "Headings"
    MALFORMED = "Cannot be read"
    PAGE = "Clash with a page"
    CLASH = "Clash in the file"
    LOOP = "Loop"
    NO_TARGET = "Leads nowhere"


_DONE = {Outcome.NEW, Outcome.REPLACES, Outcome.CHAIN}
_NOTHING_TO_DO = {Outcome.SAME, Outcome.HEADING}


@dataclass(frozen=True)
class Wish:
    """A redirect that somebody asks for: the line it stands on, and what was typed there."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What becomes of a wish. `end` is where the old address would lead in the end."""

    number: int
    old: str
    new: str
    outcome: Outcome
    words: str
    end: str = ""

    @property
    def is_done(self) -> bool:
        """Say whether a redirect would be written."""
        return self.outcome in _DONE

    @property
    def is_refused(self) -> bool:
        """Say whether something is wrong with it."""
        return self.outcome not in _DONE | _NOTHING_TO_DO


def path_from(typed: str) -> str:
    """Return the path of an address of this site, as requests have it.

    Taken: a path from the first slash on, or a full address of this site, with or without the slash
    at the end, and with percent signs or the letters they stand for. Raises WrongAddress.
    """
    path = _without_host(typed.strip())
    if "?" in path or "#" in path:
        raise WrongAddress("Leave out the part from “?” or “#” on: only the path counts.")
    path = repercent_broken_unicode(unquote_to_bytes(path)).decode()
    if any(unicodedata.category(letter) == "Cc" for letter in path):
        raise WrongAddress("It holds a character that cannot be seen. Type it anew.")
    path = clean_line(path)
    if not path.startswith("/"):
        raise WrongAddress("Begin with a slash, for example /old-page/.")
    if "//" in path or "\\" in path or {".", ".."} & set(path.split("/")):
        raise WrongAddress("Write the path with single slashes and without dots between them.")
    path = with_slash(path)
    if len(path) > MAX_LETTERS:
        raise WrongAddress(f"It is too long. At most {MAX_LETTERS} letters can be kept.")
    if not is_for_readers(path):
        raise WrongAddress(f"Addresses under /{first_part(path)}/ are the software’s own.")
    return path


def _without_host(typed: str) -> str:
    if not typed.lower().startswith(("http://", "https://")):
        return typed
    try:
        parts = urlsplit(typed)
        is_ours = validate_host((parts.hostname or "").lower(), settings.ALLOWED_HOSTS)
    except ValueError:  # such as a bracket that is not closed
        is_ours = False
    if not is_ours:
        raise WrongAddress("This is another website. A redirect stays on this site.")
    return "/" + typed.split("/", 3)[3] if typed.count("/") > 2 else "/"


def judge(
    wishes: Iterable[Wish],
    existing: Mapping[str, str],
    answers: Callable[[Iterable[str]], set[str]] = answering,
) -> list[Verdict]:
    """Say of each wish what becomes of it, taking all of them together. Writes nothing.

    `existing` are the redirects there are, new address by old; `answers` returns those of some
    addresses at which readers find a page.
    """
    verdicts = [_read(wish, is_first=place == 0) for place, wish in enumerate(wishes)]
    pages = answers({each.old for each in _open(verdicts)})
    verdicts = [_against_pages(each, pages) for each in verdicts]
    verdicts = _against_each_other(verdicts)
    wanted = {each.old: each.new for each in _open(verdicts)}
    leads = dict(existing) | wanted
    ends = {old: _end(old, new, leads) for old, new in wanted.items()}
    found = answers({end for end in ends.values() if end is not None})
    return [
        _decided(each, ends[each.old], existing, found) if each.outcome is Outcome.NEW else each
        for each in verdicts
    ]


def _open(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return those that nothing speaks against so far."""
    return [each for each in verdicts if each.outcome is Outcome.NEW]


def _read(wish: Wish, *, is_first: bool) -> Verdict:
    old, new = (*wish.cells, "", "")[:2]
    typed = Verdict(wish.number, old, new, Outcome.MALFORMED, "")
    if is_first and not any("/" in cell for cell in wish.cells):
        return replace(typed, outcome=Outcome.HEADING, words="Taken for the names of the columns.")
    if len(wish.cells) != 2:
        return replace(typed, words="A row has two columns: the old address and the new one.")
    paths = []
    for name, cell in (("old", old), ("new", new)):
        try:
            paths.append(path_from(cell))
        except WrongAddress as wrong:
            return replace(typed, words=f"The {name} address: {wrong}")
    return replace(typed, old=paths[0], new=paths[1], outcome=Outcome.NEW)


def _against_pages(verdict: Verdict, pages: set[str]) -> Verdict:
    if verdict.outcome is not Outcome.NEW or verdict.old not in pages:
        return verdict
    words = "There is a page at the old address, so that nobody would ever be led on."
    return replace(verdict, outcome=Outcome.PAGE, words=words)


def _against_each_other(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Refuse all rows that lead one address to different places; keep the first of equal ones."""
    pairs = {(each.old, each.new) for each in _open(verdicts)}
    places = Counter(old for old, _ in pairs)
    first: dict[str, int] = {}
    found = []
    for each in verdicts:
        if each.outcome is Outcome.NEW and places[each.old] > 1:
            words = "Other rows lead this old address elsewhere. Leave one of them."
            found.append(replace(each, outcome=Outcome.CLASH, words=words))
        elif each.outcome is Outcome.NEW and each.old in first:
            words = f"The same as row {first[each.old]}."
            found.append(replace(each, outcome=Outcome.SAME, words=words))
        else:
            if each.outcome is Outcome.NEW:
                first[each.old] = each.number
            found.append(each)
    return found


def _end(old: str, new: str, leads: Mapping[str, str]) -> str | None:
    """Follow an address through all that leads on; nothing if that never ends."""
    seen = {old}
    while new in leads:
        if new in seen:
            return None
        seen.add(new)
        new = leads[new]
    return new


def _decided(
    verdict: Verdict, end: str | None, existing: Mapping[str, str], answering_now: set[str]
) -> Verdict:
    there = existing.get(verdict.old)
    if end is None:
        words = "It would lead in a circle, so that no reader arrived anywhere."
        return replace(verdict, outcome=Outcome.LOOP, words=words)
    on_the_way = "" if end == verdict.new else f"{verdict.new} leads on to {end}. "
    if end not in answering_now:
        words = f"{on_the_way}There is no page that readers can see at {end}."
        return replace(verdict, outcome=Outcome.NO_TARGET, words=words)
    verdict = replace(verdict, end=end)
    if there == end:
        return replace(verdict, outcome=Outcome.SAME, words="There is nothing to do.")
    instead = f"Until now it led to {there}." if there else ""
    if on_the_way:
        words = f"{on_the_way}The old address leads there at once. {instead}".strip()
        return replace(verdict, outcome=Outcome.CHAIN, words=words)
    return replace(verdict, outcome=Outcome.REPLACES if there else Outcome.NEW, words=instead)
