"""The tag that prints what a page says for machines."""

from typing import Any, cast

from django import template
from django.template.context import RequestContext
from django.utils.safestring import SafeString, mark_safe

from pages.structured_data.graph import as_json, graph

register = template.Library()


@register.simple_tag(takes_context=True)
def structured_data(context: RequestContext) -> SafeString:
    """Print the page's JSON-LD, or nothing. Only for what was asked for, never for what was sent.

    The content security policy has no part in it: a script element of a type that is no script is
    a block of data, which a browser does not run and so does not have to admit.
    """
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or request.method not in {"GET", "HEAD"}:
        return SafeString("")
    nodes = graph(match.view_name, cast("dict[str, Any]", context.flatten()))
    if not nodes:
        return SafeString("")
    json = as_json(nodes)
    return mark_safe(f'<script type="application/ld+json">{json}</script>')  # noqa: S308  (escaped)
