"""By what the pages that show a page are known, so that a change of it reaches them and no others.

See `delivery`. A page that loads the row of another shows it (`tag_of`); one that lists pages names
the lists (`delivery.shown.lists`), of which new ones may come at any time.
"""

from typing import Any

from delivery.changes import page_changed

# The links at the top and at the foot of every page.
MENU = "menu"


def tag_of(page: Any) -> str:
    """Return the tag of a page's row."""
    return f"{page._meta.label_lower}:{page.pk}"


def list_of(kind: Any) -> str:
    """Return the tag of the lists that show all pages of a kind."""
    return f"list:{kind._meta.label_lower}"


def articles_on(subject: Any) -> str:
    """Return the tag of the lists of articles on a condition, a treatment or in a category."""
    return f"articles on {tag_of(subject)}"


def tell_of_change(page: Any) -> None:
    """Make every page out of date that shows this one, or a list that it may stand in."""
    page_changed({tag_of(page), *page.lists()})
