"""What a page says about the people behind it, from an app that this one does not know.

The app that owns the people adds an expression to the query of a page, so that naming a reviewer's
registration costs no further query.
"""

from typing import Any

_expressions: dict[str, Any] = {}


def register_expression(name: str, expression: Any) -> None:
    """Have every page that is shown carry the value of a query expression, by this name."""
    _expressions[name] = expression


def expressions() -> dict[str, Any]:
    """Return the expressions to annotate a page with."""
    return dict(_expressions)
