"""Adds every check of this package to the registry."""

from importlib import import_module

_MODULES = (
    "mistakes",
    "structure",
    "review",
    "headings",
    "placeholders",
    "links",
    "pictures",
    "frightening",
    "abbreviations",
    "sentences",
    "reading",
)


def register_all() -> None:
    """Register every check of a page. Safe to call twice. Call it when the models are loaded."""
    for name in _MODULES:
        import_module(f"publishing.page_checks.{name}")
