"""The links at the top and at the foot of every page."""

from dataclasses import dataclass

from pages.models import InformationPage


@dataclass(frozen=True)
class Menus:
    """Information pages by the menu they stand in."""

    main: list[InformationPage]
    footer: list[InformationPage]


def menus() -> Menus:
    """Return the public information pages that menus link to. One query."""
    linked = list(
        InformationPage.objects.published()
        .exclude(menu=InformationPage.Menu.NONE)
        .only("slug", "title", "menu", "order")
    )
    return Menus(
        main=[page for page in linked if page.menu == InformationPage.Menu.MAIN], footer=linked
    )
