"""What stands at addresses of this site, looked up for many at once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from publishing.addresses import row_named, view_at


def answering(paths: Iterable[str]) -> set[str]:
    """Return those of the addresses at which readers find a page now, redirects left aside.

    The number of queries grows with the kinds of page, not with the addresses.
    """
    found: set[str] = set()
    asked: defaultdict[Any, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in set(paths):
        match = view_at(path)
        if match is None:
            continue
        row = row_named(match)
        if row:
            asked[row[0]][row[1]].append(path)
        elif not match.kwargs:
            found.add(path)  # a list, a form, the home page
    for model, by_slug in asked.items():
        for slug in _shown(model).filter(slug__in=by_slug).values_list("slug", flat=True):
            found.update(by_slug[slug])
    return found


def titles(paths: Iterable[str]) -> dict[str, str]:
    """Return the titles of the pages, public or not, that stand at the addresses."""
    asked: defaultdict[Any, dict[str, str]] = defaultdict(dict)
    for path in set(paths):
        match = view_at(path)
        row = row_named(match) if match else None
        if row:
            asked[row[0]][row[1]] = path
    return {
        by_slug[row.slug]: str(row)
        for model, by_slug in asked.items()
        for row in model._default_manager.filter(slug__in=by_slug)
    }


def with_slash(path: str) -> str:
    """Return the address as pages have it: with a slash at the end, where one could stand there.

    Readers who leave the slash out are led to it, so that one address does for both.
    """
    if path.endswith("/") or view_at(path) is not None or view_at(f"{path}/") is None:
        return path
    return f"{path}/"


def _shown(model: Any) -> Any:
    rows = model._default_manager.all()
    return rows.published() if hasattr(rows, "published") else rows
