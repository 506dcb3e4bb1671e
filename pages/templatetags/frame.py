"""The tag for a part of the frame that is the same on every page."""

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from components.static_copy import is_static_copy
from delivery.remembered import remembered

register = template.Library()
_SHOWS = ("clinic", "weekly_hours", "coming_closures", "menus", "is_static_copy")


@register.simple_tag(takes_context=True)
def same_everywhere(context: RequestContext, name: str) -> SafeString:
    """Print a template that shows the clinic and the menus, and nothing of the page it is part of.

    It is rendered once until one of them changes or pages say something else.
    """
    return remembered(
        ("same everywhere", name, is_static_copy()),
        lambda: render_to_string(name, {each: context[each] for each in _SHOWS}),
    )
