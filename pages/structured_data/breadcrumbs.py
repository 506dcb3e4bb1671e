"""Where a page stands, as its breadcrumb shows it."""

from components.absolute import absolute
from pages.structured_data.nodes import Node

Step = tuple[str, str]


def breadcrumb(*steps: Step, current: str) -> Node:
    """Return the way from the home page through the steps (name, path) to the page itself."""
    links: list[Node] = [
        {"name": name, "item": {"@id": absolute(path)}} for name, path in (("Home", "/"), *steps)
    ]
    # The last step is the page, which needs no address of its own.
    places = [*links, {"name": current}]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, **place}
            for number, place in enumerate(places, start=1)
        ],
    }
